"""An EBS volume for batch jobs, which is older than the cluster and outlives it."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_kubernetes.core.v1 import (
    CSIPersistentVolumeSourceArgs,
    NodeSelectorArgs,
    NodeSelectorRequirementArgs,
    NodeSelectorTermArgs,
    ObjectReferenceArgs,
    PersistentVolume,
    PersistentVolumeClaim,
    PersistentVolumeClaimSpecArgs,
    PersistentVolumeSpecArgs,
    VolumeNodeAffinityArgs,
    VolumeResourceRequirementsArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from infra.labels import DATASETS_CLAIM, SHARED_LABELS
from infra.settings.aws.datasets_volume import DatasetsVolumeSettings

CSI_DRIVER = "ebs.csi.aws.com"
# The driver's own label of nodes, which the autoscaler is told of for groups without nodes, too.
ZONE_LABEL = "topology.ebs.csi.aws.com/zone"
# By this tag the snapshot policy finds the volume; its value is the stack's prefix.
SNAPSHOT_TAG = "serving:snapshots"


@dataclass(frozen=True, kw_only=True)
class DatasetsVolumeArgs:
    """zone: an EBS volume is in one, and so is every pod that mounts it.

    prefix: in front of the names of what is shared by the whole account or cluster.
    """

    prefix: str
    settings: DatasetsVolumeSettings
    zone: str
    key_arn: pulumi.Input[str]
    protect_data: bool
    namespace: pulumi.Input[str]


class DatasetsVolume(pulumi.ComponentResource):
    """The volume, and the claim `datasets` by which pods of the namespace mount it.

    A batch job names the claim, and nothing of AWS:

        volumes:
        - name: datasets
          persistentVolumeClaim: {claimName: datasets}

    with `volumeMounts: [{name: datasets, mountPath: /datasets}]` in its container. Kubernetes then
    places it in the volume's zone; one node at a time has the volume.

    With `protect_data` the engine refuses to delete or replace the volume. Once the protection of
    the cluster is lifted, `pulumi destroy --exclude-protected` takes the cluster, the claim and the
    PersistentVolume (which only points at the EBS volume, `Retain`) and leaves the volume in the
    state, for the next cluster. Where the volume's own is lifted, too, a last snapshot is made.
    """

    TYPE = "serving:aws:DatasetsVolume"

    volume_id: pulumi.Output[str]
    claim_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: DatasetsVolumeArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)
        volume = self._ebs_volume()
        claim = self._claim(self._persistent_volume(volume))
        self.volume_id = volume.id
        self.claim_name = claim.metadata.name
        self.register_outputs({"volume_id": self.volume_id, "claim_name": self.claim_name})

    @property
    def _object_name(self) -> str:
        return f"{self._args.prefix}-{DATASETS_CLAIM}".lower().replace("_", "-")

    def _ebs_volume(self) -> aws.ebs.Volume:
        return aws.ebs.Volume(
            f"{self._name}-volume",
            availability_zone=self._args.zone,
            size=self._args.settings.size_gib,
            type="gp3",
            encrypted=True,
            kms_key_id=self._args.key_arn,
            final_snapshot=self._args.protect_data,
            tags={
                "Name": f"{self._args.prefix}-{DATASETS_CLAIM}",
                SNAPSHOT_TAG: self._args.prefix,
            },
            opts=self._child.merge(pulumi.ResourceOptions(protect=self._args.protect_data)),
        )

    def _persistent_volume(self, volume: aws.ebs.Volume) -> PersistentVolume:
        in_its_zone = NodeSelectorRequirementArgs(
            key=ZONE_LABEL, operator="In", values=[self._args.zone]
        )
        return PersistentVolume(
            f"{self._name}-persistent-volume",
            metadata=ObjectMetaArgs(name=self._object_name, labels=SHARED_LABELS),
            spec=PersistentVolumeSpecArgs(
                capacity={"storage": f"{self._args.settings.size_gib}Gi"},
                access_modes=["ReadWriteOnce"],
                # The EBS volume is Pulumi's to delete, and never the driver's.
                persistent_volume_reclaim_policy="Retain",
                storage_class_name="",
                csi=CSIPersistentVolumeSourceArgs(
                    driver=CSI_DRIVER, volume_handle=volume.id, fs_type="ext4"
                ),
                node_affinity=VolumeNodeAffinityArgs(
                    required=NodeSelectorArgs(
                        node_selector_terms=[NodeSelectorTermArgs(match_expressions=[in_its_zone])]
                    )
                ),
                # No other claim can take it.
                claim_ref=ObjectReferenceArgs(
                    api_version="v1",
                    kind="PersistentVolumeClaim",
                    namespace=self._args.namespace,
                    name=DATASETS_CLAIM,
                ),
            ),
            opts=self._child,
        )

    def _claim(self, persistent_volume: PersistentVolume) -> PersistentVolumeClaim:
        return PersistentVolumeClaim(
            f"{self._name}-claim",
            metadata=ObjectMetaArgs(
                name=DATASETS_CLAIM, namespace=self._args.namespace, labels=SHARED_LABELS
            ),
            spec=PersistentVolumeClaimSpecArgs(
                access_modes=["ReadWriteOnce"],
                storage_class_name="",  # else the default class would make another volume
                volume_name=persistent_volume.metadata.name,
                # The least, and not the size: Kubernetes lets no claim without a class grow, and
                # the pod sees all of the volume anyway.
                resources=VolumeResourceRequirementsArgs(requests={"storage": "1Gi"}),
            ),
            opts=self._child,
        )
