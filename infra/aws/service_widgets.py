"""The graphs of the service: what callers get, what answers them, what that costs."""

from infra.aws.alarm_definitions import Statistic
from infra.aws.dashboard_widgets import Line, Widget
from infra.aws.service_metrics import Metric
from infra.aws.watched import EntryMeasures, Watched

LATENCY_STATISTICS = ("p50", "p90", "p99")


def service_widgets(watched: Watched) -> list[Widget]:
    return [
        _requests(watched),
        _errors(watched),
        _latency(watched),
        _pods(watched),
        _waiting_pods(watched),
        *([_nodes(watched.entry)] if watched.entry else []),
        _gpus(watched),
        *([_volumes(watched)] if watched.volumes else []),
    ]


def _line(metric: Metric, statistic: str, label: str) -> Line:
    return Line(shows=Statistic(metric=metric, statistic=statistic), label=label)


def _requests(watched: Watched) -> Widget:
    requests = watched.requests
    return Widget(
        title="Requests",
        unit="per minute",
        lines=(
            _line(requests.requests, "Sum", "all"),
            _line(requests.server_errors, "Sum", "status 500 and above"),
        ),
    )


def _errors(watched: Watched) -> Widget:
    return Widget(
        title="Error rate",
        unit="% of requests",
        lines=(Line(shows=watched.requests.error_rate_percent),),
    )


def _latency(watched: Watched) -> Widget:
    return Widget(
        title="Latency",
        unit="ms",
        lines=tuple(
            _line(watched.requests.latency, statistic, statistic)
            for statistic in LATENCY_STATISTICS
        ),
    )


def _pods(watched: Watched) -> Widget:
    service = watched.service
    return Widget(
        title="Pods",
        unit="pods",
        lines=(
            _line(service.running_pods(), "Maximum", "running, all of the service"),
            *(
                line
                for model in watched.models
                for line in (
                    _line(service.ready_replicas(model), "Maximum", f"{model}, ready"),
                    _line(service.desired_replicas(model), "Maximum", f"{model}, asked for"),
                )
            ),
        ),
    )


def _waiting_pods(watched: Watched) -> Widget:
    return Widget(
        title="Pods without a node",
        unit="pods",
        lines=(_line(watched.service.unschedulable_pods(), "Sum", "unschedulable"),),
    )


def _nodes(entry: EntryMeasures) -> Widget:
    return Widget(
        title="Nodes behind the load balancer",
        unit="nodes",
        lines=(
            _line(entry.healthy_nodes, "Maximum", "healthy"),
            _line(entry.unhealthy_nodes, "Maximum", "unhealthy"),
        ),
    )


def _gpus(watched: Watched) -> Widget:
    service = watched.service
    return Widget(
        title="GPUs",
        unit="%",
        lines=(
            _line(service.gpu_utilization(), "Average", "busy"),
            _line(service.gpu_memory_utilization(), "Maximum", "memory used"),
        ),
    )


def _volumes(watched: Watched) -> Widget:
    return Widget(
        title="Volumes",
        unit="% used",
        lines=tuple(Line(shows=watched.volume_used_percent(volume)) for volume in watched.volumes),
    )
