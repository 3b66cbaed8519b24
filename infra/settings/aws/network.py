"""A VPC of the stack's own, or one that is there."""

import ipaddress
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from infra.settings.aws.types import Cidr, LogRetentionDays, Zone
from infra.settings.shapes import STRICT

# https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html; smaller than /20 leaves a
# node group no addresses for its pods, each of which takes one of the subnet's.
VPC_PREFIX_LENGTHS = range(16, 21)


def _vpc_cidr(text: str) -> str:
    if ipaddress.IPv4Network(text).prefixlen not in VPC_PREFIX_LENGTHS:
        first, last = VPC_PREFIX_LENGTHS[0], VPC_PREFIX_LENGTHS[-1]
        raise ValueError(f"must have a prefix of /{first} to /{last}")
    return text


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ExistingVpc:
    """Subnets by zone. Private ones must lead out, for images and AWS's APIs."""

    vpc_id: Annotated[str, Field(pattern=r"^vpc-[0-9a-f]{8,17}$")]
    cidr: Cidr
    private_subnet_ids: dict[Zone, Annotated[str, Field(pattern=r"^subnet-[0-9a-f]{8,17}$")]]
    public_subnet_ids: dict[Zone, Annotated[str, Field(pattern=r"^subnet-[0-9a-f]{8,17}$")]]

    @field_validator("private_subnet_ids")
    @classmethod
    def _two_zones(cls, private_subnet_ids: dict[str, str]) -> dict[str, str]:
        if len(private_subnet_ids) < 2:
            raise ValueError("must name subnets of at least two zones, as EKS requires")
        return private_subnet_ids


@dataclass(frozen=True, kw_only=True, config=STRICT)
class NetworkSettings:
    """zones: where subnets and nodes are, two or three. existing_vpc: None makes one."""

    existing_vpc: ExistingVpc | None = None
    vpc_cidr: Annotated[Cidr, AfterValidator(_vpc_cidr)] = "10.40.0.0/16"
    zones: Annotated[tuple[Zone, ...], Field(max_length=3)] = ()
    # One is cheap; one per zone survives a zone and pays no transfer between zones.
    nat_gateways: Literal["one", "one-per-zone"] = "one"
    # Private links to AWS's APIs, so that nodes reach them without the NAT gateways.
    interface_endpoints: bool = False
    flow_log_retention_days: LogRetentionDays = 30

    @field_validator("zones")
    @classmethod
    def _each_once(cls, zones: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if len(set(zones)) < len(zones) or len({zone[:-1] for zone in zones}) > 1:
            raise ValueError("must be different zones of one region")
        existing = info.data.get("existing_vpc")
        if existing and not set(zones) <= existing.private_subnet_ids.keys():
            raise ValueError("must be zones of existingVpc.privateSubnetIds")
        return zones

    @field_validator("interface_endpoints")
    @classmethod
    def _in_a_vpc_of_ours(cls, interface_endpoints: bool, info: ValidationInfo) -> bool:
        if interface_endpoints and info.data.get("existing_vpc"):
            raise ValueError("must be false beside existingVpc, in which nothing is made")
        return interface_endpoints
