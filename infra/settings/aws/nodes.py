"""Node groups: one for CPU work, any number for GPUs, each of them once per zone."""

from dataclasses import field
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from infra.settings.aws.types import InstanceType
from infra.settings.shapes import STRICT
from infra.settings.types import DnsLabel

CPU_GROUP = "cpu"
# A node group's name has room for 37 characters before what makes it unique, the zone's among them:
# https://github.com/hashicorp/terraform-provider-aws, internal/service/eks/node_group.go.
MAX_GROUP_NAME_LENGTH = 20


@dataclass(frozen=True, kw_only=True, config=STRICT)
class NodeVolume:
    """The root volume of a node: gp3, encrypted. Images of GPU programs are large."""

    size_gib: Annotated[int, Field(ge=20, le=16384)] = 100
    # https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
    throughput_mib_per_second: Annotated[int, Field(ge=125, le=2000)] = 125
    iops: Annotated[int, Field(ge=3000, le=80000)] = 3000

    @field_validator("iops")
    @classmethod
    def _enough_for_the_throughput(cls, iops: int, info: ValidationInfo) -> int:
        throughput = info.data.get("throughput_mib_per_second", 0)
        if throughput > iops * 0.25:
            raise ValueError(f"must be at least 4 per MiB/s of throughput, {throughput * 4}")
        return iops


@dataclass(frozen=True, kw_only=True, config=STRICT)
class CpuNodes:
    """For gateways and what the cluster itself needs. Numbers are per zone."""

    instance_types: Annotated[tuple[InstanceType, ...], Field(min_length=1)] = ("m7i.large",)
    capacity_type: Literal["ON_DEMAND", "SPOT"] = "ON_DEMAND"
    min_nodes: Annotated[int, Field(ge=1, le=100)] = 1
    max_nodes: Annotated[int, Field(ge=1, le=100)] = 4
    volume: NodeVolume = field(default_factory=NodeVolume)

    @field_validator("max_nodes")
    @classmethod
    def _not_below_min_nodes(cls, max_nodes: int, info: ValidationInfo) -> int:
        if max_nodes < info.data.get("min_nodes", max_nodes):
            raise ValueError(f"must be at least minNodes ({info.data['min_nodes']})")
        return max_nodes


@dataclass(frozen=True, kw_only=True, config=STRICT)
class GpuNodes:
    """From zero to max_nodes in each zone, as model pods that name the group ask for them."""

    name: DnsLabel
    instance_types: Annotated[tuple[InstanceType, ...], Field(min_length=1)]  # same GPUs in each
    gpus_per_node: Annotated[int, Field(ge=1, le=16)] = 1
    accelerator: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]  # such as nvidia-a10g
    capacity_type: Literal["ON_DEMAND", "SPOT"] = "ON_DEMAND"
    max_nodes: Annotated[int, Field(ge=1, le=100)] = 4
    # Each GPU is handed out so many times; its pods share memory and time, without a wall.
    pods_per_gpu: Annotated[int, Field(ge=1, le=16)] = 1
    volume: NodeVolume = field(default_factory=NodeVolume)

    @field_validator("name")
    @classmethod
    def _of_a_group_of_its_own(cls, name: str) -> str:
        if name == CPU_GROUP:
            raise ValueError(f"must not be {CPU_GROUP}, as the group without GPUs is called")
        if len(name) > MAX_GROUP_NAME_LENGTH:
            raise ValueError(f"must have at most {MAX_GROUP_NAME_LENGTH} characters")
        return name
