"""Logs, metrics, alarms and what the stack may cost."""

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from infra.settings.aws.types import LogRetentionDays
from infra.settings.shapes import STRICT


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ObservabilitySettings:
    """alarm_emails: who hears of alarms and of the budget; each has to confirm once."""

    enabled: bool = False
    alarm_emails: tuple[Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")], ...] = ()
    log_retention_days: LogRetentionDays = 30
    error_rate_percent: Annotated[float, Field(gt=0, le=100)] = 1.0
    latency_p99_seconds: Annotated[float, Field(gt=0, le=60)] = 1.0
    volume_used_percent: Annotated[int, Field(ge=50, le=99)] = 85
    monthly_budget_usd: Annotated[int, Field(ge=0)] = 0  # 0: no budget

    @field_validator("monthly_budget_usd")
    @classmethod
    def _somebody_hears_of_it(cls, monthly_budget_usd: int, info: ValidationInfo) -> int:
        if monthly_budget_usd and not info.data.get("alarm_emails"):
            raise ValueError("needs alarmEmails: a budget stops nothing, it only tells somebody")
        return monthly_budget_usd
