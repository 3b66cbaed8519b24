"""Rules between settings of different groups, each of which is right by itself."""

from collections.abc import Iterator, Sequence

import pulumi

from infra.pins import ADD_ONS, CLUSTER_AUTOSCALER
from infra.settings.aws.account import AwsSettings
from infra.settings.aws.nodes import GpuNodes
from infra.settings.cluster import ClusterSettings
from infra.settings.errors import Problem
from infra.settings.gateway import GatewaySettings
from infra.settings.model import ModelSettings
from infra.settings.object_store import ObjectStoreSettings
from infra.settings.platform import PlatformParts

KeyAndMessage = tuple[str, str]

ROLLOUT_SURGE = 1  # the gateway's new pod comes before an old one goes


def problems_between(
    *,
    cluster: ClusterSettings,
    gateway: GatewaySettings,
    models: Sequence[ModelSettings],
    object_store: ObjectStoreSettings,
    aws: AwsSettings,
    platform: PlatformParts,
) -> list[Problem]:
    """All of them at once."""
    found = [*_autoscaler_problems(aws, platform)]
    if cluster.cluster_source == "eks":
        found += _add_on_problems(aws)
        for index, model in enumerate(models):
            found += _gpu_problems(f"models[{index}]", model, aws.gpu_nodes)
        found += _room_problems(models, aws)
        found += _part_problems(models, platform)
        found += _storage_problems(cluster, platform)
        found += _datasets_problems(cluster, aws)
    else:
        found += _problems_of_a_cluster_that_is_there(aws, platform)
    found += _quota_problems(gateway, models, object_store, platform)
    project = pulumi.get_project()
    return [Problem(key=f"{project}:{key}", message=message) for key, message in found]


def _autoscaler_problems(aws: AwsSettings, platform: PlatformParts) -> Iterator[KeyAndMessage]:
    version = aws.eks_cluster.kubernetes_version
    if platform.cluster_autoscaler and version not in CLUSTER_AUTOSCALER:
        yield (
            "eksCluster.kubernetesVersion",
            f'= "{version}": must be one that there is a cluster autoscaler for in infra/pins.py '
            f"({', '.join(CLUSTER_AUTOSCALER)})",
        )


def _problems_of_a_cluster_that_is_there(
    aws: AwsSettings, platform: PlatformParts
) -> Iterator[KeyAndMessage]:
    """Parts that stand on nodes, keys or roles of a cluster of ours: not left out in silence."""
    for key, is_on in (
        ("entry.enabled", aws.entry.enabled),
        ("datasetsVolume.enabled", aws.datasets_volume.enabled),
        ("observability.enabled", aws.observability.enabled),
        ("platform.clusterAutoscaler", platform.cluster_autoscaler),
        ("platform.storageClasses", platform.storage_classes),
    ):
        if is_on:
            yield key, "= true: needs clusterSource eks, since it works with what that makes"
    if budget := aws.observability.monthly_budget_usd:
        yield (
            "observability.monthlyBudgetUsd",
            f"= {budget}: needs clusterSource eks; the costs of a cluster that is there aren't the "
            "stack's",
        )


def _add_on_problems(aws: AwsSettings) -> Iterator[KeyAndMessage]:
    version = aws.eks_cluster.kubernetes_version
    if version not in ADD_ONS:
        yield (
            "eksCluster.kubernetesVersion",
            f'= "{version}": must be one whose add-ons are in infra/pins.py ({", ".join(ADD_ONS)})',
        )


def _gpu_problems(
    key: str, model: ModelSettings, groups: Sequence[GpuNodes]
) -> Iterator[KeyAndMessage]:
    """Of a cluster whose groups of nodes are all known."""
    if not model.gpus:
        return
    by_name = {group.name: group for group in groups}
    group = by_name.get(model.node_group)
    if group is None:
        yield (
            f"{key}.nodeGroup",
            f'= "{model.node_group}": must name a group in gpuNodes '
            f"({', '.join(by_name) or 'there is none'}), since gpus is {model.gpus}",
        )
    elif group.pods_per_gpu > 1 and model.gpus > 1:
        yield (
            f"{key}.gpus",
            f"= {model.gpus}: must be 1, since pods share the GPUs of {group.name} (podsPerGpu is "
            f"{group.pods_per_gpu})",
        )
    elif model.gpus > group.gpus_per_node:
        yield (
            f"{key}.gpus",
            f"= {model.gpus}: must not exceed gpusPerNode of {group.name} ({group.gpus_per_node})",
        )


def _room_problems(models: Sequence[ModelSettings], aws: AwsSettings) -> Iterator[KeyAndMessage]:
    """A group must have room for the pods that are always there."""
    for index, group in enumerate(aws.gpu_nodes):
        own = [model for model in models if model.node_group == group.name and not model.paused]
        gpus = sum(model.scaling.min_replicas * model.gpus for model in own)
        # A node more is one in each zone.
        gpus_per_step = group.gpus_per_node * group.pods_per_gpu * len(aws.network.zones)
        if gpus > group.max_nodes * gpus_per_step:
            needed = -(-gpus // gpus_per_step)
            names = ", ".join(model.name for model in own)
            yield (
                f"gpuNodes[{index}].maxNodes",
                f"= {group.max_nodes}: must be at least {needed}, for the minReplicas of {names}",
            )


def _part_problems(
    models: Sequence[ModelSettings], platform: PlatformParts
) -> Iterator[KeyAndMessage]:
    """Without these, pods on GPUs would wait for ever, and nobody would say why."""
    names = ", ".join(model.name for model in models if model.gpus)
    if names and not platform.device_plugin:
        yield (
            "platform.devicePlugin",
            f"= false: must be true for the GPUs of {names}; their nodes bring no device plugin",
        )
    if names and not platform.cluster_autoscaler:
        yield (
            "platform.clusterAutoscaler",
            f"= false: must be true for the GPUs of {names}; their groups begin without nodes",
        )


def _storage_problems(cluster: ClusterSettings, platform: PlatformParts) -> Iterator[KeyAndMessage]:
    """https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions-standard.html"""
    if not platform.storage_classes and not cluster.storage_class:
        yield (
            "platform.storageClasses",
            "= false: must be true, or storageClass name a class: a new cluster of EKS has no "
            "default one, and the models' volumes would wait for ever",
        )


def _datasets_problems(cluster: ClusterSettings, aws: AwsSettings) -> Iterator[KeyAndMessage]:
    if cluster.datasets_claim_size and aws.datasets_volume.enabled:
        yield (
            "datasetsClaimSize",
            f'= "{cluster.datasets_claim_size}": must be empty while datasetsVolume.enabled is '
            "true; both would be the claim `datasets`",
        )


def _quota_problems(
    gateway: GatewaySettings,
    models: Sequence[ModelSettings],
    object_store: ObjectStoreSettings,
    platform: PlatformParts,
) -> Iterator[KeyAndMessage]:
    """A quota below what the autoscalers may ask for would look like a fault."""
    running = [model for model in models if not model.paused]
    pods = (
        gateway.scaling.max_replicas
        + ROLLOUT_SURGE
        + sum(model.scaling.max_replicas for model in running)
        + bool(object_store.image)
    )
    gpus = sum(model.scaling.max_replicas * model.gpus for model in running)
    for key, quota, most in (
        ("maxPods", platform.max_pods, pods),
        ("maxGpus", platform.max_gpus, gpus),
    ):
        if 0 < quota < most:
            yield (
                f"platform.{key}",
                f"= {quota}: must be at least {most}, what gateway and models take at their most, "
                "or 0 for no quota",
            )
