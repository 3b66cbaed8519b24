"""The metrics of the service in CloudWatch, each with who produces it.

Dashboard and alarms look at nothing else. What the CloudWatch agent scrapes is data here too, from
which the add-on's configuration is made, so that the names agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal

import pulumi

from infra.labels import model_workload
from infra.workloads.sync_containers import MODELS_VOLUME

# Of the metrics that the CloudWatch agent scrapes from Prometheus endpoints.
PROMETHEUS_NAMESPACE = "ContainerInsights/Prometheus"
CONTAINER_INSIGHTS_NAMESPACE = "ContainerInsights"
EKS_NAMESPACE = "AWS/EKS"
LOAD_BALANCER_NAMESPACE = "AWS/NetworkELB"

CLUSTER = "ClusterName"
NAMESPACE = "Namespace"
# Of all replicas' claims, `models-model-digits-0` and so on, the name without the number.
VOLUME = "Volume"
VOLUME_OF_CLAIM = r"(.+?)(-[0-9]+)?"


class Producer(Enum):
    """What has to be in the stack for a metric to exist."""

    ACCESS_LOG = "the filters on the gateway's log, request_metrics.py"
    CONTAINER_INSIGHTS = "the add-on amazon-cloudwatch-observability"
    PROMETHEUS = "the add-on's agent, from what SCRAPED names"
    EKS = "the control plane, without being asked"
    LOAD_BALANCER = "the Network Load Balancer, without being asked"


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A metric in CloudWatch, found only by exactly these dimensions."""

    producer: Producer
    namespace: pulumi.Input[str]
    name: str
    dimensions: Mapping[str, pulumi.Input[str]]


@dataclass(frozen=True, kw_only=True)
class Scraped:
    """What of a job's Prometheus metrics goes to CloudWatch: all else costs, and nobody looks.

    Counters arrive as the increase since the last scrape, gauges as they are; histograms are
    dropped, which is why latency comes from the gateway's log:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/ContainerInsights-Prometheus-metrics-conversion.html
    """

    job: str
    names: tuple[str, ...]
    labels: tuple[str, ...]  # the dimensions, beside the cluster's name
    # What is done with the series of one pod or node that differ in other labels alone.
    aggregation: Literal["sum", "max"] = "sum"


GATEWAY_JOB = "gateway"
MODEL_SERVER_JOB = "model-server"
MODEL_SYNC_JOB = "model-sync"
KUBELET_JOB = "kubelet"

SCRAPED = (
    Scraped(
        job=GATEWAY_JOB, names=("gateway_requests_total",), labels=(NAMESPACE, "route", "status")
    ),
    Scraped(
        job=GATEWAY_JOB,
        names=("gateway_predictions_total",),
        labels=(NAMESPACE, "model", "version"),
    ),
    Scraped(
        job=MODEL_SERVER_JOB,
        names=(":tensorflow:serving:request_count",),
        labels=(NAMESPACE, "model_name", "status"),
    ),
    Scraped(
        job=MODEL_SYNC_JOB,
        names=("model_sync_newest_version", "model_sync_last_success_timestamp_seconds"),
        labels=(NAMESPACE,),
    ),
    # https://kubernetes.io/docs/reference/instrumenting/metrics/
    Scraped(
        job=KUBELET_JOB,
        names=("kubelet_volume_stats_used_bytes", "kubelet_volume_stats_capacity_bytes"),
        labels=(NAMESPACE, VOLUME),
        aggregation="max",  # the fullest of a model's replicas on the node
    ),
)


@dataclass(frozen=True, kw_only=True)
class ServiceMetrics:
    """The metrics of one stack's service."""

    cluster_name: pulumi.Input[str]
    namespace: pulumi.Input[str]

    def ready_replicas(self, model_name: str) -> Metric:
        """Of a model's StatefulSet. What the add-on has, and by which dimensions:

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-enhanced-EKS.html
        """
        return self._container_insights("replicas_ready", PodName=model_workload(model_name).name)

    def desired_replicas(self, model_name: str) -> Metric:
        return self._container_insights("replicas_desired", PodName=model_workload(model_name).name)

    def running_pods(self) -> Metric:
        return self._container_insights("namespace_number_of_running_pods")

    def gpu_utilization(self) -> Metric:
        """Per cent of the GPUs that pods of the namespace use."""
        return self._container_insights("pod_gpu_utilization")

    def gpu_memory_utilization(self) -> Metric:
        return self._container_insights("pod_gpu_memory_utilization")

    def unschedulable_pods(self) -> Metric:
        """https://docs.aws.amazon.com/eks/latest/userguide/cloudwatch.html"""
        return Metric(
            producer=Producer.EKS,
            namespace=EKS_NAMESPACE,
            name="scheduler_pending_pods_UNSCHEDULABLE",
            dimensions={CLUSTER: self.cluster_name},
        )

    def volume_used_bytes(self, volume: str) -> Metric:
        """`volume`: the claim's name, of a StatefulSet's claims without the number."""
        return self._prometheus("kubelet_volume_stats_used_bytes", **{VOLUME: volume})

    def volume_capacity_bytes(self, volume: str) -> Metric:
        return self._prometheus("kubelet_volume_stats_capacity_bytes", **{VOLUME: volume})

    def _container_insights(self, name: str, **dimensions: str) -> Metric:
        return Metric(
            producer=Producer.CONTAINER_INSIGHTS,
            namespace=CONTAINER_INSIGHTS_NAMESPACE,
            name=name,
            dimensions={CLUSTER: self.cluster_name, NAMESPACE: self.namespace} | dimensions,
        )

    def _prometheus(self, name: str, **dimensions: str) -> Metric:
        return Metric(
            producer=Producer.PROMETHEUS,
            namespace=PROMETHEUS_NAMESPACE,
            name=name,
            dimensions={CLUSTER: self.cluster_name, NAMESPACE: self.namespace} | dimensions,
        )


def models_volume(model_name: str) -> str:
    """The volumes of a model's replicas, as `VOLUME_OF_CLAIM` names their claims."""
    return f"{MODELS_VOLUME}-{model_workload(model_name).name}"
