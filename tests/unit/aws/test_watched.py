"""infra/aws/watched.py: shares and rates, from what CloudWatch has."""

import re

from infra.aws.alarm_definitions import Expression
from infra.aws.service_metrics import Metric, Producer, ServiceMetrics
from infra.aws.watched import MIN_REQUESTS, EntryMeasures, RequestMeasures, Watched


def metric(name: str) -> Metric:
    return Metric(producer=Producer.ACCESS_LOG, namespace="dev", name=name, dimensions={})


REQUESTS = RequestMeasures(
    requests=metric("requests"), server_errors=metric("errors"), latency=metric("latency")
)
WATCHED = Watched(
    service=ServiceMetrics(cluster_name="c", namespace="serving"),
    requests=REQUESTS,
    models=("digits",),
    volumes=("datasets",),
    entry=None,
)


def worked_out(expression: Expression, **values: float) -> float:
    """Metric math, as far as it is used here, in Python's words."""
    condition = re.sub(r"IF\((.+?), (.+), (\d+)\)$", r"(\2) if (\1) else (\3)", expression.formula)
    known = re.sub(r"FILL\((\w+), \d+\)", r"\1", condition)
    assert values.keys() == expression.inputs.keys()
    return float(eval(known, {}, dict(values)))  # the formula is the program's own


class TestErrorRate:
    def test_is_a_share_of_the_requests(self) -> None:
        assert worked_out(REQUESTS.error_rate_percent, requests=200, errors=3) == 1.5

    def test_one_failure_in_a_quiet_night_is_no_rate(self) -> None:
        rate = worked_out(REQUESTS.error_rate_percent, requests=MIN_REQUESTS - 1, errors=1)
        assert rate == 0


class TestVolumes:
    def test_the_fullest_of_equal_ones_counts(self) -> None:
        used = WATCHED.volume_used_percent("datasets")
        assert worked_out(used, used=85, capacity=100) == 85
        assert used.inputs["used"].statistic == "Maximum"
        assert used.inputs["capacity"].statistic == "Minimum"
        assert {each.metric.dimensions["Volume"] for each in used.inputs.values()} == {"datasets"}


class TestEntry:
    def test_nodes_are_those_of_its_target_group(self) -> None:
        entry = EntryMeasures(
            load_balancer_arn_suffix="net/entry/1", target_group_arn_suffix="targetgroup/entry/2"
        )
        for nodes in (entry.healthy_nodes, entry.unhealthy_nodes):
            assert nodes.dimensions == {
                "LoadBalancer": "net/entry/1",
                "TargetGroup": "targetgroup/entry/2",
            }
