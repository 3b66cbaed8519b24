"""All of a stack's part in AWS."""

from pydantic import Field, Json, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from infra.settings.aws.datasets_volume import DatasetsVolumeSettings
from infra.settings.aws.eks_cluster import EksClusterSettings
from infra.settings.aws.entry import EntrySettings
from infra.settings.aws.model_bucket import ModelBucketSettings
from infra.settings.aws.network import NetworkSettings
from infra.settings.aws.nodes import CpuNodes, GpuNodes
from infra.settings.aws.observability import ObservabilitySettings
from infra.settings.aws.registry import RegistrySettings
from infra.settings.aws.types import AccountIdOrNone, PolicyArnOrNone, RegionOrNone
from infra.settings.shapes import STRICT

MIN_ZONES = 2  # of EKS itself
Part = (
    RegistrySettings
    | ModelBucketSettings
    | DatasetsVolumeSettings
    | EntrySettings
    | ObservabilitySettings
)


@dataclass(frozen=True, kw_only=True, config=STRICT)
class AwsSettings:
    """region: empty is a stack without AWS.

    account_id: the one account that the stack may touch; credentials of another are refused.
    """

    region: RegionOrNone = Field(alias="awsRegion")
    account_id: AccountIdOrNone = Field(alias="awsAccountId")
    # Of every role that the stack makes: who may make roles for it, and no others, needs it.
    permissions_boundary_arn: PolicyArnOrNone
    # Refuses to delete or replace what holds data: cluster, keys, bucket, images, volumes.
    protect_data: bool
    network: Json[NetworkSettings]
    eks_cluster: Json[EksClusterSettings]
    cpu_nodes: Json[CpuNodes]
    gpu_nodes: Json[tuple[GpuNodes, ...]]
    registry: Json[RegistrySettings]
    model_bucket: Json[ModelBucketSettings]
    datasets_volume: Json[DatasetsVolumeSettings]
    entry: Json[EntrySettings]
    observability: Json[ObservabilitySettings]

    @field_validator("account_id")
    @classmethod
    def _named_with_the_region(cls, account_id: str, info: ValidationInfo) -> str:
        if info.data.get("region") and not account_id:
            raise ValueError("must be the account's 12 digits where awsRegion is set")
        return account_id

    @field_validator("network")
    @classmethod
    def _zones_of_the_region(
        cls, network: NetworkSettings, info: ValidationInfo
    ) -> NetworkSettings:
        region = info.data.get("region")
        if region and (
            len(network.zones) < MIN_ZONES or any(zone[:-1] != region for zone in network.zones)
        ):
            raise ValueError(f"zones must name two or three zones of {region}")
        return network

    @field_validator("eks_cluster")
    @classmethod
    def _protected_clusters_are_closed(
        cls, eks_cluster: EksClusterSettings, info: ValidationInfo
    ) -> EksClusterSettings:
        if info.data.get("protect_data") and "0.0.0.0/0" in eks_cluster.public_access_cidrs:
            raise ValueError("publicAccessCidrs must not be 0.0.0.0/0 while protectData is true")
        return eks_cluster

    @field_validator("eks_cluster")
    @classmethod
    def _what_pulumi_deletes_eks_deletes(
        cls, eks_cluster: EksClusterSettings, info: ValidationInfo
    ) -> EksClusterSettings:
        """https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html"""
        if eks_cluster.deletion_protection and info.data.get("protect_data") is False:
            raise ValueError(
                "deletionProtection must be false while protectData is: `pulumi destroy` would "
                "take nodes, volumes and images, and only then hear that the cluster has to stay"
            )
        return eks_cluster

    @field_validator("registry", "model_bucket", "datasets_volume", "entry", "observability")
    @classmethod
    def _in_a_region(cls, part: Part, info: ValidationInfo) -> Part:
        if part.enabled and info.data.get("region") == "":
            raise ValueError("enabled must be false, or awsRegion be set")
        return part

    @field_validator("entry")
    @classmethod
    def _has_subnets(cls, entry: EntrySettings, info: ValidationInfo) -> EntrySettings:
        network = info.data.get("network")
        if network and network.existing_vpc and entry.enabled and entry.scheme != "internal":
            public = network.existing_vpc.public_subnet_ids
            missing = [zone for zone in network.zones if zone not in public]
            if missing:
                raise ValueError(
                    f"scheme {entry.scheme} needs a public subnet of each zone, and "
                    f"network.existingVpc.publicSubnetIds has none of {', '.join(missing)}"
                )
        return entry

    @field_validator("datasets_volume")
    @classmethod
    def _where_nodes_are(
        cls, datasets_volume: DatasetsVolumeSettings, info: ValidationInfo
    ) -> DatasetsVolumeSettings:
        network = info.data.get("network")
        if network and datasets_volume.zone and datasets_volume.zone not in network.zones:
            zones = ", ".join(network.zones)
            raise ValueError(f"zone must be one of network.zones ({zones}), where nodes are")
        return datasets_volume

    @field_validator("gpu_nodes")
    @classmethod
    def _names_of_their_own(cls, gpu_nodes: tuple[GpuNodes, ...]) -> tuple[GpuNodes, ...]:
        names = [group.name for group in gpu_nodes]
        if len(set(names)) < len(names):
            raise ValueError(f"must have names of their own, not {', '.join(names)}")
        return gpu_nodes
