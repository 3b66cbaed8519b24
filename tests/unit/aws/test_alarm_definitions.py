"""infra/aws/alarm_definitions.py: an alarm tells who reads it what to do."""

from infra.aws.alarm_definitions import AlarmDefinition, Expression, Statistic
from infra.aws.service_metrics import ServiceMetrics

READY = Statistic(
    metric=ServiceMetrics(cluster_name="c", namespace="serving").ready_replicas("digits"),
    statistic="Maximum",
)


def definition(watches: Statistic | Expression) -> AlarmDefinition:
    return AlarmDefinition(
        name="no-ready-pod",
        watches=watches,
        comparison="LessThanThreshold",
        threshold=1,
        unit="ready pods",
        period_seconds=60,
        periods=5,
        bad_periods=5,
        missing="breaching",
        why="Nothing answers.",
        what_to_do="look at the pods.",
    )


class TestAlarmDefinition:
    def test_its_description_says_why_when_and_what_to_do(self) -> None:
        assert definition(READY).description == (
            "Nothing answers. Threshold: 1 ready pods. To do: look at the pods."
        )

    def test_all_that_it_looks_at(self) -> None:
        half = Expression(formula="ready / 2", inputs={"ready": READY}, label="half")
        assert definition(READY).statistics == definition(half).statistics == (READY,)
