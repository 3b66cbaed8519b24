"""The claim of a volume for each replica of a StatefulSet."""

import pulumi
from pulumi_kubernetes.core.v1 import (
    PersistentVolumeClaimArgs,
    PersistentVolumeClaimSpecArgs,
    VolumeResourceRequirementsArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from infra.labels import Workload


def volume_claim(
    workload: Workload, *, name: str, size: str, storage_class: pulumi.Input[str]
) -> PersistentVolumeClaimArgs:
    """Block storage such as EBS belongs to one node at a time. Empty class: the default one."""
    return PersistentVolumeClaimArgs(
        metadata=ObjectMetaArgs(name=name, labels=workload.labels),
        spec=PersistentVolumeClaimSpecArgs(
            access_modes=["ReadWriteOnce"],
            storage_class_name=None if storage_class == "" else storage_class,
            resources=VolumeResourceRequirementsArgs(requests={"storage": size}),
        ),
    )
