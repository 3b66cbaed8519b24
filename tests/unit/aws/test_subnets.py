"""infra/aws/subnets.py: a VPC that is there is used as the settings say, and not changed."""

from pydantic import TypeAdapter

from infra.aws.subnets import given_network
from infra.settings.aws.network import ExistingVpc
from tests.unit.aws.ground import ZONES
from tests.unit.harness import run_component

VPC = TypeAdapter(ExistingVpc).validate_python(
    {
        "vpcId": "vpc-0123456789abcdef0",
        "cidr": "172.31.0.0/16",
        "privateSubnetIds": {zone: f"subnet-0000000{place}" for place, zone in enumerate(ZONES)},
        "publicSubnetIds": {ZONES[0]: "subnet-0000000a"},
    }
)


def test_the_zones_of_the_settings_alone() -> None:
    subnets = given_network(VPC, ZONES[1:])
    assert subnets.private_subnet_ids == {
        ZONES[1]: "subnet-00000001",
        ZONES[2]: "subnet-00000002",
    }
    assert (subnets.vpc_id, subnets.vpc_cidr) == (VPC.vpc_id, VPC.cidr)


def test_not_every_zone_needs_a_public_one() -> None:
    assert given_network(VPC, ZONES).public_subnet_ids == {ZONES[0]: "subnet-0000000a"}


def test_nothing_is_made_in_it() -> None:
    assert run_component(lambda: given_network(VPC, ZONES)).resources == []
