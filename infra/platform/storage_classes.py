"""Volumes on EBS: gp3, encrypted with a key of ours, made where their first pod runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pulumi
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.storage.v1 import StorageClass

from infra.labels import SHARED_LABELS

PROVISIONER = "ebs.csi.aws.com"
DELETED = "gp3"  # volumes go with their claim: the models' are copies
RETAINED = "gp3-retain"  # volumes stay until somebody deletes them
DEFAULT_CLASS_ANNOTATION = "storageclass.kubernetes.io/is-default-class"


@dataclass(frozen=True, kw_only=True)
class StorageClassesArgs:
    """tags: of every volume. is_default: for a cluster that has no other default class."""

    volumes_key_arn: pulumi.Input[str]
    tags: Mapping[str, str]
    is_default: bool


class StorageClasses(pulumi.ComponentResource):
    """Two classes that differ in what becomes of a volume without its claim."""

    TYPE = "serving:platform:StorageClasses"

    deleted: pulumi.Output[str]
    retained: pulumi.Output[str]

    def __init__(
        self, name: str, args: StorageClassesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)
        self.deleted = self._storage_class(
            f"{name}-{DELETED}", DELETED, "Delete", is_default=args.is_default
        )
        self.retained = self._storage_class(f"{name}-{RETAINED}", RETAINED, "Retain")
        self.register_outputs({"deleted": self.deleted, "retained": self.retained})

    def _storage_class(
        self,
        resource_name: str,
        class_name: str,
        reclaim_policy: Literal["Delete", "Retain"],
        *,
        is_default: bool = False,
    ) -> pulumi.Output[str]:
        made = StorageClass(
            resource_name,
            metadata=ObjectMetaArgs(
                name=class_name,
                labels=SHARED_LABELS,
                # Of two default classes the newer one wins: a cluster must not get a second.
                annotations={DEFAULT_CLASS_ANNOTATION: "true"} if is_default else None,
            ),
            provisioner=PROVISIONER,
            parameters=self._parameters(),
            reclaim_policy=reclaim_policy,
            # A volume belongs to a zone: the scheduler chooses that first.
            volume_binding_mode="WaitForFirstConsumer",
            allow_volume_expansion=True,
            opts=self._child,
        )
        name: pulumi.Output[str] = made.metadata.name
        return name

    def _parameters(self) -> dict[str, pulumi.Input[str]]:
        """All of them are strings.

        https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
        """
        tags = {
            f"tagSpecification_{number}": f"{key}={value}"
            for number, (key, value) in enumerate(sorted(self._args.tags.items()), start=1)
        }
        return {
            "type": "gp3",
            "encrypted": "true",
            "kmsKeyId": self._args.volumes_key_arn,
            "csi.storage.k8s.io/fstype": "ext4",
            **tags,
        }
