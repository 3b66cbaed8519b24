"""The alarms of the service: few, each for something that a caller or an owner would notice."""

from infra.aws.alarm_definitions import AlarmDefinition, Statistic
from infra.aws.watched import EntryMeasures, Watched
from infra.labels import model_workload
from infra.settings.aws.observability import ObservabilitySettings

MINUTE_SECONDS = 60
FIVE_MINUTES_SECONDS = 300
# A node with a GPU needs some minutes to start, and the model server's image some more.
MAX_WAIT_FOR_A_NODE_MINUTES = 15
MILLISECONDS_PER_SECOND = 1000


def service_alarms(watched: Watched, settings: ObservabilitySettings) -> list[AlarmDefinition]:
    return [
        _error_rate(watched, settings),
        _latency(watched, settings),
        *(_no_ready_pod(watched, model) for model in watched.models),
        _unschedulable_pods(watched),
        *(_volume_nearly_full(watched, settings, volume) for volume in watched.volumes),
        *([_no_healthy_node(watched.entry)] if watched.entry else []),
    ]


def _error_rate(watched: Watched, settings: ObservabilitySettings) -> AlarmDefinition:
    return AlarmDefinition(
        name="error-rate",
        watches=watched.requests.error_rate_percent,
        comparison="GreaterThanThreshold",
        threshold=settings.error_rate_percent,
        unit="% of the requests",
        period_seconds=FIVE_MINUTES_SECONDS,
        periods=3,
        bad_periods=2,
        missing="notBreaching",
        why="Callers get errors that are not their own (status 500 and above).",
        what_to_do=(
            "look at the dashboard for what changed at the same time, and in the gateway's log for "
            "`error` and `reason` of the lines with such a status. 503 is a model without a ready "
            "pod, or too many requests at once; 504 a model that is too slow."
        ),
    )


def _latency(watched: Watched, settings: ObservabilitySettings) -> AlarmDefinition:
    return AlarmDefinition(
        name="latency-p99",
        watches=Statistic(metric=watched.requests.latency, statistic="p99"),
        comparison="GreaterThanThreshold",
        threshold=settings.latency_p99_seconds * MILLISECONDS_PER_SECOND,
        unit="ms",
        period_seconds=FIVE_MINUTES_SECONDS,
        periods=3,
        bad_periods=3,
        missing="notBreaching",
        why="One request in a hundred is slower than promised.",
        what_to_do=(
            "compare the stages in the gateway's metrics (fetch, decode, predict). A slow fetch is "
            "the image source's; slow predictions want more replicas (scaling.maxReplicas) or a "
            "bigger GPU."
        ),
    )


def _no_ready_pod(watched: Watched, model: str) -> AlarmDefinition:
    workload = model_workload(model).name
    return AlarmDefinition(
        name=f"no-ready-pod-{model}",
        watches=Statistic(metric=watched.service.ready_replicas(model), statistic="Maximum"),
        comparison="LessThanThreshold",
        threshold=1,
        unit="ready pods",
        period_seconds=MINUTE_SECONDS,
        periods=5,
        bad_periods=5,
        missing="breaching",  # silence is what a cluster without nodes sounds like
        why=f"Nothing answers for the model {model}.",
        what_to_do=(
            f"`kubectl describe statefulset/{workload}` and its pods: is a GPU node missing (see "
            "the alarm on unschedulable pods), does the sync fail, does the model not load? If all "
            "is well there, the metrics' agent is not."
        ),
    )


def _unschedulable_pods(watched: Watched) -> AlarmDefinition:
    return AlarmDefinition(
        name="unschedulable-pods",
        watches=Statistic(metric=watched.service.unschedulable_pods(), statistic="Sum"),
        comparison="GreaterThanThreshold",
        threshold=0,
        unit="pods without a node",
        period_seconds=MINUTE_SECONDS,
        periods=MAX_WAIT_FOR_A_NODE_MINUTES,
        bad_periods=MAX_WAIT_FOR_A_NODE_MINUTES,
        missing="notBreaching",
        why="A pod finds no node for longer than a new node takes.",
        what_to_do=(
            "`kubectl describe pod` names the reason, the cluster autoscaler's log why no node "
            "comes: maxNodes of the group, the account's quota of GPU instances, no spot capacity "
            "in the zone of the pod's volume."
        ),
    )


def _volume_nearly_full(
    watched: Watched, settings: ObservabilitySettings, volume: str
) -> AlarmDefinition:
    return AlarmDefinition(
        name=f"volume-nearly-full-{volume}",
        watches=watched.volume_used_percent(volume),
        comparison="GreaterThanOrEqualToThreshold",
        threshold=settings.volume_used_percent,
        unit="% used",
        period_seconds=FIVE_MINUTES_SECONDS,
        periods=3,
        bad_periods=3,
        missing="notBreaching",  # a volume that no pod has mounted fills up no further
        why="The next version of a model, or the next data set, will not fit.",
        what_to_do=(
            "keep fewer versions (source.keepVersions) or make the volume larger: volumeSize for "
            "new replicas, and the claims of those that run; sizeGib for the data sets."
        ),
    )


def _no_healthy_node(entry: EntryMeasures) -> AlarmDefinition:
    return AlarmDefinition(
        name="no-healthy-node",
        watches=Statistic(metric=entry.healthy_nodes, statistic="Maximum"),
        comparison="LessThanThreshold",
        threshold=1,
        unit="healthy nodes",
        period_seconds=MINUTE_SECONDS,
        periods=3,
        bad_periods=3,
        missing="breaching",
        why="The load balancer reaches no gateway: all callers get errors.",
        what_to_do=(
            "`kubectl get pods` of the gateway. If they are ready, the way to the NodePort is "
            "closed: the nodes' security group, or the node groups' attachment to the targets."
        ),
    )
