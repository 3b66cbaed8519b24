"""A claim for batch jobs, on a cluster whose volumes are somebody else's business."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core.v1 import (
    PersistentVolumeClaim,
    PersistentVolumeClaimSpecArgs,
    VolumeResourceRequirementsArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from infra.labels import DATASETS_CLAIM, SHARED_LABELS

LABELS = SHARED_LABELS | {
    "app.kubernetes.io/component": "storage",
    "app.kubernetes.io/instance": DATASETS_CLAIM,
    "app.kubernetes.io/name": DATASETS_CLAIM,
}


@dataclass(frozen=True, kw_only=True)
class DatasetsClaimArgs:
    """storage_class: empty is the cluster's default. size: such as `10Gi`."""

    namespace: pulumi.Input[str]
    storage_class: pulumi.Input[str]
    size: str


class DatasetsClaim(pulumi.ComponentResource):
    """The claim `datasets`, of the name that the EBS volume's has (infra/aws/datasets_volume.py).

    It goes with the stack; what becomes of the data then is the class's reclaim policy to say.
    """

    TYPE = "serving:workloads:DatasetsClaim"

    claim_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: DatasetsClaimArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        claim = PersistentVolumeClaim(
            f"{name}-claim",
            metadata=ObjectMetaArgs(name=DATASETS_CLAIM, namespace=args.namespace, labels=LABELS),
            spec=PersistentVolumeClaimSpecArgs(
                access_modes=["ReadWriteOnce"],
                storage_class_name=None if args.storage_class == "" else args.storage_class,
                resources=VolumeResourceRequirementsArgs(requests={"storage": args.size}),
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.claim_name = claim.metadata.name
        self.register_outputs({"claim_name": self.claim_name})
