"""The parts that a stack adds to its cluster: those that are switched on, and no others."""

from dataclasses import dataclass

import pulumi

from infra.aws.ground import EksGround
from infra.aws.pod_role import PodRole, PodRoleArgs
from infra.aws.rights import cluster_autoscaler
from infra.platform.cluster_autoscaler import (
    NAMESPACE,
    SERVICE_ACCOUNT,
    ClusterAutoscaler,
    ClusterAutoscalerArgs,
)
from infra.platform.device_plugin import DevicePlugin, DevicePluginArgs
from infra.platform.priority_classes import PriorityClasses
from infra.platform.quota import Quota, QuotaArgs
from infra.platform.storage_classes import StorageClasses, StorageClassesArgs
from infra.settings.load import Settings


@dataclass(frozen=True, kw_only=True)
class Platform:
    """What the workloads name of it. storage_class: empty is the cluster's default."""

    storage_class: pulumi.Input[str]
    gateway_priority: pulumi.Input[str] | None
    model_server_priority: pulumi.Input[str] | None


def add_parts(
    settings: Settings,
    namespace: pulumi.Input[str],
    *,
    eks: EksGround | None,
    opts: pulumi.ResourceOptions,
) -> Platform:
    """namespace: of the service. opts: with the cluster's provider."""
    parts = settings.platform
    if parts.device_plugin:
        DevicePlugin("device-plugin", DevicePluginArgs(groups=settings.aws.gpu_nodes), opts)
    if parts.cluster_autoscaler and eks:
        _cluster_autoscaler(settings, eks, opts)
    if parts.max_pods or parts.max_gpus:
        Quota(
            "quota",
            QuotaArgs(namespace=namespace, max_pods=parts.max_pods, max_gpus=parts.max_gpus),
            opts,
        )
    priorities = PriorityClasses("priorities", opts) if parts.priority_classes else None
    return Platform(
        storage_class=_storage_class(settings, eks, opts),
        gateway_priority=priorities.gateway if priorities else None,
        model_server_priority=priorities.model_server if priorities else None,
    )


def _cluster_autoscaler(settings: Settings, eks: EksGround, opts: pulumi.ResourceOptions) -> None:
    role = PodRole(
        "cluster-autoscaler-role",
        PodRoleArgs(
            cluster=eks.identity,
            purpose="cluster-autoscaler",
            namespace=NAMESPACE,
            service_account=SERVICE_ACCOUNT,
            statements=cluster_autoscaler(eks.identity),
        ),
        eks.account.opts,
    )
    ClusterAutoscaler(
        "cluster-autoscaler",
        ClusterAutoscalerArgs(
            cluster_name=eks.cluster.name,
            region=settings.aws.region,
            kubernetes_version=settings.aws.eks_cluster.kubernetes_version,
            needs=role.ready,
        ),
        opts,
    )


def _storage_class(
    settings: Settings, eks: EksGround | None, opts: pulumi.ResourceOptions
) -> pulumi.Input[str]:
    """The one that settings name, such as `gp3-retain`, else ours whose volumes go with claims."""
    if not (settings.platform.storage_classes and eks):
        return settings.cluster.storage_class
    classes = StorageClasses(
        "storage-classes",
        StorageClassesArgs(
            volumes_key_arn=eks.account.keys.volumes_arn,
            tags=eks.account.tags,
            is_default=True,
        ),
        opts,
    )
    return settings.cluster.storage_class or classes.deleted
