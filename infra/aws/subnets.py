"""Where nodes and load balancers are: subnets of a VPC, ours or one that is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from infra.settings.aws.network import ExistingVpc


@dataclass(frozen=True, kw_only=True)
class Subnets:
    """One private and one public subnet of each zone, by zone, in the order of the settings.

    An id is known once its subnet has its ways out: a node that starts before can't join.
    """

    vpc_id: pulumi.Input[str]
    vpc_cidr: str
    private_subnet_ids: Mapping[str, pulumi.Input[str]]
    public_subnet_ids: Mapping[str, pulumi.Input[str]]


def given_network(vpc: ExistingVpc, zones: Sequence[str]) -> Subnets:
    """Those of a VPC that is there; nothing of it is changed, so its tags are its owner's."""
    return Subnets(
        vpc_id=vpc.vpc_id,
        vpc_cidr=vpc.cidr,
        private_subnet_ids={zone: vpc.private_subnet_ids[zone] for zone in zones},
        public_subnet_ids={
            zone: vpc.public_subnet_ids[zone] for zone in zones if zone in vpc.public_subnet_ids
        },
    )
