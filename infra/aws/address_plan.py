"""Which addresses of a VPC its subnets take."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

MAX_ZONES = 3


@dataclass(frozen=True, kw_only=True)
class ZoneAddresses:
    """The networks of one zone, as CIDRs."""

    public: str
    private: str


AddressPlan = dict[str, ZoneAddresses]  # by zone


def address_plan(vpc_cidr: str, zones: Sequence[str]) -> AddressPlan:
    """For each zone a quarter of the VPC for private subnets, a sixteenth for public ones.

    Every pod takes an address of a private subnet; public ones hold NAT gateways and load balancers
    alone. A zone's share depends on its place in `zones` and on nothing else: a third one, added at
    the end, moves no subnet of the others.
    """
    if len(zones) > MAX_ZONES:
        raise ValueError(f"{vpc_cidr} is planned for {MAX_ZONES} zones, not {', '.join(zones)}")
    *private, rest = ipaddress.IPv4Network(vpc_cidr).subnets(prefixlen_diff=2)
    public = rest.subnets(prefixlen_diff=2)
    return {
        zone: ZoneAddresses(public=str(public_network), private=str(private_network))
        for zone, public_network, private_network in zip(zones, public, private, strict=False)
    }
