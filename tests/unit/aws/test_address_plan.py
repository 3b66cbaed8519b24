"""infra/aws/address_plan.py: subnets of any VPC that the settings allow fit, and don't overlap."""

from ipaddress import IPv4Network
from itertools import combinations

import pytest

from infra.aws.address_plan import address_plan
from infra.settings.aws.network import VPC_PREFIX_LENGTHS

ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
# https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
RESERVED_ADDRESSES = 5
SMALLEST_SUBNET, LARGEST_SUBNET = 28, 16  # prefix lengths
# What a load balancer wants free in each of its subnets, beside a NAT gateway.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html
LOAD_BALANCER_ADDRESSES = 8


@pytest.mark.parametrize("prefix", VPC_PREFIX_LENGTHS, ids=lambda prefix: f"VPC /{prefix}")
@pytest.mark.parametrize("zone_count", [2, 3], ids=lambda count: f"{count} zones")
class TestEveryAllowedVpc:
    def test_subnets_are_inside_of_it_and_apart(self, prefix: int, zone_count: int) -> None:
        vpc = IPv4Network(f"10.32.0.0/{prefix}")
        plan = address_plan(str(vpc), ZONES[:zone_count])
        networks = [
            IPv4Network(cidr) for zone in plan.values() for cidr in (zone.public, zone.private)
        ]
        assert len(networks) == 2 * zone_count
        assert all(network.subnet_of(vpc) for network in networks)
        assert not any(one.overlaps(other) for one, other in combinations(networks, 2))

    def test_subnets_are_of_a_size_that_aws_takes(self, prefix: int, zone_count: int) -> None:
        for zone in address_plan(f"10.32.0.0/{prefix}", ZONES[:zone_count]).values():
            public, private = IPv4Network(zone.public), IPv4Network(zone.private)
            assert LARGEST_SUBNET <= private.prefixlen <= public.prefixlen <= SMALLEST_SUBNET
            assert public.num_addresses - RESERVED_ADDRESSES > LOAD_BALANCER_ADDRESSES + 1

    def test_most_addresses_are_for_pods(self, prefix: int, zone_count: int) -> None:
        vpc = IPv4Network(f"10.32.0.0/{prefix}")
        plan = address_plan(str(vpc), ZONES[:zone_count])
        private = sum(IPv4Network(zone.private).num_addresses for zone in plan.values())
        assert private == vpc.num_addresses * zone_count // 4


def test_the_default_vpc() -> None:
    plan = address_plan("10.40.0.0/16", ZONES)
    assert [zone.private for zone in plan.values()] == [
        "10.40.0.0/18",
        "10.40.64.0/18",
        "10.40.128.0/18",
    ]
    assert [zone.public for zone in plan.values()] == [
        "10.40.192.0/20",
        "10.40.208.0/20",
        "10.40.224.0/20",
    ]


def test_a_third_zone_moves_nothing() -> None:
    """A subnet that moves is replaced, and its nodes with it."""
    before = address_plan("10.40.0.0/20", ZONES[:2])
    assert before.items() <= address_plan("10.40.0.0/20", ZONES).items()


def test_a_fourth_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"10\.40\.0\.0/20 is planned for 3 zones, not"):
        address_plan("10.40.0.0/20", (*ZONES, "eu-west-1d"))
