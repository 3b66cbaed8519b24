"""Whether something in the program makes a metric: a misspelt one would be silence for ever."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from infra.aws.service_metrics import (
    CLUSTER,
    CONTAINER_INSIGHTS_NAMESPACE,
    LOAD_BALANCER_NAMESPACE,
    NAMESPACE,
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

ADD_ON = "aws:eks/addon:Addon"
OBSERVABILITY = "amazon-cloudwatch-observability"

Produced = tuple[str, str, frozenset[str]]  # namespace, name, dimensions


def produced(*programs: Program) -> set[Produced]:
    """All that the filters and the add-on of these programs make, and what AWS makes by itself."""
    return {
        *_known("AWS/EKS", EKS),
        *_known(LOAD_BALANCER_NAMESPACE, LOAD_BALANCER),
        *(metric for program in programs for metric in _by_filters(program)),
        *(metric for program in programs for metric in _by_add_on(program)),
    }


def _by_add_on(program: Program) -> Iterator[Produced]:
    """As its configuration says: Container Insights if it is on, and what its agent scrapes."""
    for each in program.of_type(ADD_ON):
        if each.inputs["addonName"] == OBSERVABILITY:
            configuration = json.loads(each.inputs["configurationValues"])
            if configuration["containerInsights"]["enabled"]:
                yield from _known(CONTAINER_INSIGHTS_NAMESPACE, CONTAINER_INSIGHTS)
            yield from _by_pipelines(configuration["agent"]["otelConfig"])


def _by_pipelines(collector: dict[str, Any]) -> Iterator[Produced]:
    """What the Collector lets through to CloudWatch, under the labels that it leaves."""
    for pipeline in collector["service"]["pipelines"].values():
        for exporter in pipeline["exporters"]:
            namespace = collector["exporters"][exporter]["namespace"]
            for processor in pipeline["processors"]:
                for one in collector["processors"][processor].get("transforms", []):
                    (operation,) = one["operations"]
                    yield namespace, one["include"], frozenset(operation["label_set"])


def _by_filters(program: Program) -> Iterator[Produced]:
    for each in program.of_type(FILTER):
        made = each.inputs["metricTransformation"]
        yield made["namespace"], made["name"], frozenset(made.get("dimensions", {}))


def _known(namespace: str, names: Mapping[str, set[str]]) -> Iterator[Produced]:
    for name, dimensions in names.items():
        yield namespace, name, frozenset(dimensions)
