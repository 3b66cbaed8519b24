"""Replicas by load: the HorizontalPodAutoscaler of a workload."""

from typing import Literal

import pulumi
from pulumi_kubernetes.autoscaling.v2 import (
    ContainerResourceMetricSourceArgs,
    CrossVersionObjectReferenceArgs,
    HorizontalPodAutoscaler,
    HorizontalPodAutoscalerBehaviorArgs,
    HorizontalPodAutoscalerSpecArgs,
    HPAScalingPolicyArgs,
    HPAScalingRulesArgs,
    MetricSpecArgs,
    MetricTargetArgs,
)

from infra.labels import Workload
from infra.settings.shapes import Scaling

# Every half minute the replicas may double, from few by two: pods come faster than load does, and
# the pods already asked for have time to take their part before more are.
SCALE_UP_PERIOD_SECONDS = 30
# Every minute half of the replicas may go, so that a mistaken scale-down can be stopped half-way.
SCALE_DOWN_PERIOD_SECONDS = 60


def autoscaler(
    resource_name: str,
    *,
    workload: Workload,
    kind: Literal["Deployment", "StatefulSet"],
    container: str,
    scaling: Scaling,
    namespace: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> HorizontalPodAutoscaler:
    """Scales the workload on the use of one container, which sidecars can't dilute."""
    return HorizontalPodAutoscaler(
        resource_name,
        metadata=workload.metadata(namespace),
        spec=HorizontalPodAutoscalerSpecArgs(
            scale_target_ref=CrossVersionObjectReferenceArgs(
                api_version="apps/v1", kind=kind, name=workload.name
            ),
            min_replicas=scaling.min_replicas,
            max_replicas=scaling.max_replicas,
            metrics=_metrics(container, scaling),
            behavior=_behavior(scaling),
        ),
        opts=opts,
    )


def _metrics(container: str, scaling: Scaling) -> list[MetricSpecArgs]:
    targets = {"cpu": scaling.cpu_target_percent, "memory": scaling.memory_target_percent}
    return [
        MetricSpecArgs(
            type="ContainerResource",
            container_resource=ContainerResourceMetricSourceArgs(
                name=resource,
                container=container,
                target=MetricTargetArgs(type="Utilization", average_utilization=percent),
            ),
        )
        for resource, percent in targets.items()
        if percent is not None
    ]


def _behavior(scaling: Scaling) -> HorizontalPodAutoscalerBehaviorArgs:
    return HorizontalPodAutoscalerBehaviorArgs(
        scale_up=HPAScalingRulesArgs(
            stabilization_window_seconds=0,
            select_policy="Max",
            policies=[
                _policy("Percent", 100, SCALE_UP_PERIOD_SECONDS),
                _policy("Pods", 2, SCALE_UP_PERIOD_SECONDS),
            ],
        ),
        scale_down=HPAScalingRulesArgs(
            stabilization_window_seconds=scaling.scale_down_window_seconds,
            select_policy="Max",
            policies=[_policy("Percent", 50, SCALE_DOWN_PERIOD_SECONDS)],
        ),
    )


def _policy(kind: str, value: int, period_seconds: int) -> HPAScalingPolicyArgs:
    return HPAScalingPolicyArgs(type=kind, value=value, period_seconds=period_seconds)
