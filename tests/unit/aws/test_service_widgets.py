"""infra/aws/service_widgets.py: what the dashboard shows."""

from infra.aws.service_metrics import Metric, Producer, ServiceMetrics
from infra.aws.service_widgets import service_widgets
from infra.aws.watched import EntryMeasures, RequestMeasures, Watched

METRIC = Metric(producer=Producer.ACCESS_LOG, namespace="dev", name="requests", dimensions={})


def titles(*, entry: EntryMeasures | None, volumes: tuple[str, ...]) -> list[str]:
    watched = Watched(
        service=ServiceMetrics(cluster_name="c", namespace="serving"),
        requests=RequestMeasures(requests=METRIC, server_errors=METRIC, latency=METRIC),
        models=("digits",),
        volumes=volumes,
        entry=entry,
    )
    return [widget.title for widget in service_widgets(watched)]


class TestGraphs:
    def test_what_a_stack_has(self) -> None:
        entry = EntryMeasures(load_balancer_arn_suffix="net/a/1", target_group_arn_suffix="t/a/2")
        assert titles(entry=entry, volumes=("datasets",)) == [
            *("Requests", "Error rate", "Latency", "Pods", "Pods without a node"),
            *("Nodes behind the load balancer", "GPUs", "Volumes"),
        ]

    def test_nothing_of_what_it_has_not(self) -> None:
        shown = titles(entry=None, volumes=())
        assert "Nodes behind the load balancer" not in shown
        assert "Volumes" not in shown
