"""What an alarm is, as data: what it looks at, when it rings, why, and what to do then."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from infra.aws.service_metrics import Metric

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
Comparison = Literal["GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold"]
# What silence means: `breaching` is the trouble itself, `notBreaching` that nobody asked for
# anything, `missing` that nothing can be said.
Missing = Literal["breaching", "notBreaching", "missing"]
MAX_DESCRIPTION_LENGTH = 1024


@dataclass(frozen=True, kw_only=True)
class Statistic:
    """One number per period out of a metric's values: `Sum`, `Maximum`, `p99` and the like."""

    metric: Metric
    statistic: str


@dataclass(frozen=True, kw_only=True)
class Expression:
    """Metric math over named statistics."""

    formula: str
    inputs: Mapping[str, Statistic]
    label: str


@dataclass(frozen=True, kw_only=True)
class AlarmDefinition:
    """An alarm that rings when `bad_periods` of the last `periods` break the threshold."""

    name: str  # after the stack's prefix
    watches: Statistic | Expression
    comparison: Comparison
    threshold: float
    unit: str  # of the threshold
    period_seconds: int
    periods: int
    bad_periods: int
    missing: Missing
    why: str
    what_to_do: str

    @property
    def description(self) -> str:
        return f"{self.why} Threshold: {self.threshold:g} {self.unit}. To do: {self.what_to_do}"

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        watches = self.watches
        return tuple(watches.inputs.values()) if isinstance(watches, Expression) else (watches,)
