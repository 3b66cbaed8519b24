"""Whether something in the program makes a metric: a misspelt one would be silence for ever."""

from collections.abc import Iterator, Mapping

from infra.aws.service_metrics import (
    CLUSTER,
    LOAD_BALANCER_NAMESPACE,
    NAMESPACE,
    PROMETHEUS_NAMESPACE,
    SCRAPED,
)
from tests.unit.harness import Program

FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
# Name → the dimensions by which it is found, as the CloudWatch agent declares them:
# https://github.com/aws/amazon-cloudwatch-agent/blob/main/translator/translate/otel/exporter/awsemf/kubernetes.go
CONTAINER_INSIGHTS = {
    "replicas_ready": {CLUSTER, NAMESPACE, "PodName"},
    "replicas_desired": {CLUSTER, NAMESPACE, "PodName"},
    "namespace_number_of_running_pods": {CLUSTER, NAMESPACE},
    "pod_gpu_utilization": {CLUSTER, NAMESPACE},
    "pod_gpu_memory_utilization": {CLUSTER, NAMESPACE},
}
# https://docs.aws.amazon.com/eks/latest/userguide/cloudwatch.html
EKS = {"scheduler_pending_pods_UNSCHEDULABLE": {CLUSTER}}
# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html
LOAD_BALANCER = {
    "HealthyHostCount": {"LoadBalancer", "TargetGroup"},
    "UnHealthyHostCount": {"LoadBalancer", "TargetGroup"},
}

Produced = set[tuple[str, str, frozenset[str]]]  # namespace, name, dimensions


def produced(program: Program) -> Produced:
    """All that the program's filters, the agent, the control plane and the entry make."""
    return {
        *_by_filters(program),
        *_known("ContainerInsights", CONTAINER_INSIGHTS),
        *_known("AWS/EKS", EKS),
        *_known(LOAD_BALANCER_NAMESPACE, LOAD_BALANCER),
        *(
            (PROMETHEUS_NAMESPACE, name, frozenset({CLUSTER, *scraped.labels}))
            for scraped in SCRAPED
            for name in scraped.names
        ),
    }


def _by_filters(program: Program) -> Iterator[tuple[str, str, frozenset[str]]]:
    for each in program.of_type(FILTER):
        made = each.inputs["metricTransformation"]
        yield made["namespace"], made["name"], frozenset(made.get("dimensions", {}))


def _known(
    namespace: str, names: Mapping[str, set[str]]
) -> Iterator[tuple[str, str, frozenset[str]]]:
    for name, dimensions in names.items():
        yield namespace, name, frozenset(dimensions)
