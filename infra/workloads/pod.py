"""What all pods of the service have in common."""

from collections.abc import Mapping, Sequence
from typing import Literal

import pulumi
from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    EmptyDirVolumeSourceArgs,
    LifecycleArgs,
    LifecycleHandlerArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    ResourceRequirementsArgs,
    SleepActionArgs,
    TolerationArgs,
    TopologySpreadConstraintArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from infra.labels import Workload
from infra.node_labels import GPU_RESOURCE
from infra.settings.shapes import ComputeQuantities, Resources
from infra.workloads.pod_security import pod_security_context

# The label by which a controller tells its own pods of one revision from those of another.
RevisionLabel = Literal["pod-template-hash", "controller-revision-hash"]

SPREAD_OVER = ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
TEMPORARY_FILES_LIMIT = "256Mi"
# On the node's own disk: temporary files, and what the container prints until that is rotated.
EPHEMERAL_STORAGE_REQUEST = "64Mi"
EPHEMERAL_STORAGE_LIMIT = "1Gi"


def pod_template(
    workload: Workload,
    *,
    containers: Sequence[ContainerArgs],
    init_containers: Sequence[ContainerArgs] | None = None,
    volumes: Sequence[VolumeArgs],
    revision_label: RevisionLabel,
    termination_grace_period_seconds: int,
    annotations: Mapping[str, pulumi.Input[str]] | None = None,
    priority_class_name: pulumi.Input[str] | None = None,
    node_selector: Mapping[str, str] | None = None,
    tolerations: Sequence[TolerationArgs] | None = None,
    calls_api_server: bool = False,
) -> PodTemplateSpecArgs:
    """A pod of the workload, without rights on its node or, unless it needs them, in the cluster.

    node_selector: labels of the nodes that may run it; none: any. calls_api_server: as its service
    account.
    """
    return PodTemplateSpecArgs(
        metadata=ObjectMetaArgs(labels=workload.labels, annotations=annotations),
        spec=PodSpecArgs(
            service_account_name=workload.name,
            automount_service_account_token=calls_api_server,
            # Variables for every Service in the namespace would be taken for settings.
            enable_service_links=False,
            priority_class_name=priority_class_name,
            node_selector=node_selector or None,
            tolerations=tolerations or None,
            security_context=pod_security_context(),
            init_containers=init_containers,
            containers=containers,
            volumes=[*volumes, VolumeArgs(name="tmp", empty_dir=_temporary_files())],
            topology_spread_constraints=[
                _spread(workload, topology_key, revision_label) for topology_key in SPREAD_OVER
            ],
            termination_grace_period_seconds=termination_grace_period_seconds,
        ),
    )


def temporary_files_mount() -> VolumeMountArgs:
    """/tmp, the one place where a container may write beside its volumes."""
    return VolumeMountArgs(name="tmp", mount_path="/tmp")


def drain(seconds: int) -> LifecycleArgs:
    """Keeps answering for a while after the pod was taken out of its Service."""
    return LifecycleArgs(
        pre_stop=LifecycleHandlerArgs(sleep=SleepActionArgs(seconds=seconds)),
    )


def resource_requirements(resources: Resources, *, gpus: int = 0) -> ResourceRequirementsArgs:
    """GPUs are whole, and never promised without being given: their request is their limit."""
    whole = {GPU_RESOURCE: str(gpus)} if gpus else {}
    requests, limits = resources.requests, resources.limits
    return ResourceRequirementsArgs(
        requests=_quantities(requests, EPHEMERAL_STORAGE_REQUEST) | whole,
        limits=_quantities(limits, EPHEMERAL_STORAGE_LIMIT) | whole,
    )


def _quantities(of: ComputeQuantities, ephemeral_storage: str) -> dict[str, str]:
    return {"cpu": of.cpu, "memory": of.memory, "ephemeral-storage": ephemeral_storage}


def _temporary_files() -> EmptyDirVolumeSourceArgs:
    return EmptyDirVolumeSourceArgs(size_limit=TEMPORARY_FILES_LIMIT)


def _spread(
    workload: Workload, topology_key: str, revision_label: RevisionLabel
) -> TopologySpreadConstraintArgs:
    return TopologySpreadConstraintArgs(
        max_skew=1,
        topology_key=topology_key,
        when_unsatisfiable="ScheduleAnyway",  # a pod on a full node is worth more than none
        label_selector=workload.pods(),
        match_label_keys=[revision_label],  # else the old pods of a rollout count as neighbours
    )
