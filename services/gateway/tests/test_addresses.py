"""Which addresses the gateway may contact."""

from ipaddress import ip_network

import pytest
from gateway.addresses import AddressPolicy, Network

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1"]

INNER = {
    "loopback": ["127.0.0.1", "127.255.255.254", "::1"],
    "unspecified": ["0.0.0.0", "::"],
    "private": ["10.0.0.1", "172.16.0.1", "192.168.1.1", "fd12:3456::1"],
    "link-local": ["169.254.1.1", "fe80::1", "fe80::1%eth0"],
    "carrier-grade NAT": ["100.64.0.1", "100.127.255.254"],
    "benchmark": ["198.18.0.1"],
    "multicast": ["224.0.0.1", "239.1.2.3", "ff02::1", "ff0e::1"],
    "reserved": ["240.0.0.1", "255.255.255.255", "4000::1"],
    "documentation": ["192.0.2.1", "2001:db8::1", "3fff::1"],
    "site-local": ["fec0::1"],
    "6to4 relay anycast": ["192.88.99.1"],
    "IPv4-mapped": ["::ffff:10.0.0.1", "::ffff:127.0.0.1"],
    "IPv4-compatible": ["::10.0.0.1", "::8.8.8.8"],
    "6to4": ["2002:a00:1::", "2002:7f00:1::1"],
    "NAT64": ["64:ff9b::a00:1", "64:ff9b::7f00:1"],
    "NAT64 for local use": ["64:ff9b:1:a00:0:100::", "64:ff9b:1:7f00:0:100::"],
    "Teredo": ["2001:0:4136:e378:8000:63bf:f5ff:fffe", "2001:0:808:808:0:0:f7f7:f7f7"],
    "ISATAP": ["2600::5efe:10.0.0.1", "2600::200:5efe:192.168.0.1"],
}

METADATA = [
    "169.254.169.254",
    "169.254.170.2",
    "169.254.170.23",
    "fd00:ec2::254",
    "fd00:ec2::23",
    "fd20:ce::254",
    "100.100.100.200",
    "168.63.129.16",
]

# The metadata service 169.254.169.254 inside IPv6 addresses of each form.
METADATA_IN_DISGUISE = [
    "::ffff:169.254.169.254",
    "::169.254.169.254",
    "2002:a9fe:a9fe::1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1:a9fe:a9:fe00::",
    "2001:0:808:808:0:0:5601:5601",
    "2600::5efe:169.254.169.254",
]

EVERYTHING = (ip_network("0.0.0.0/0"), ip_network("::/0"))


class TestDefault:
    """Only public addresses are contacted."""

    @pytest.mark.parametrize("address", PUBLIC)
    def test_public_is_allowed(self, address: str) -> None:
        assert AddressPolicy().allows(address, 443)

    @pytest.mark.parametrize(
        ("kind", "address"), [(kind, address) for kind in INNER for address in INNER[kind]]
    )
    def test_inner_is_refused(self, kind: str, address: str) -> None:
        assert not AddressPolicy().allows(address, 443), kind

    @pytest.mark.parametrize(
        "address",
        [
            "::ffff:8.8.8.8",
            "2002:808:808::1",
            "64:ff9b::808:808",
            "64:ff9b:1:808:8:800::",
            "2600::5efe:8.8.8.8",
        ],
    )
    def test_ipv6_way_to_a_public_ipv4_is_allowed(self, address: str) -> None:
        assert AddressPolicy().allows(address, 443)


class TestPorts:
    """Public addresses are contacted where web servers are, exceptions everywhere."""

    @pytest.mark.parametrize(("port", "allowed"), [(80, True), (443, True), (22, False)])
    def test_of_public_addresses(self, port: int, allowed: bool) -> None:
        assert AddressPolicy().allows(PUBLIC[0], port) is allowed

    def test_by_setting(self) -> None:
        chosen = AddressPolicy(public_ports=[8443])
        assert chosen.allows(PUBLIC[0], 8443)
        assert not chosen.allows(PUBLIC[0], 443)

    def test_of_exceptions(self) -> None:
        assert policy("10.96.0.0/16").allows("10.96.3.4", 9000)


class TestExceptions:
    """Settings may allow further networks, and nothing beyond them."""

    @pytest.mark.parametrize(
        ("network", "address"),
        [
            ("10.96.0.0/16", "10.96.3.4"),
            ("10.96.0.0/16", "::ffff:10.96.3.4"),
            ("10.96.0.0/16", "64:ff9b::a60:304"),
            ("127.0.0.0/8", "127.0.0.1"),
            ("fd12::/16", "fd12::7"),
            ("100.64.0.0/10", "100.64.0.1"),
        ],
    )
    def test_inside(self, network: str, address: str) -> None:
        assert policy(network).allows(address, 443)

    @pytest.mark.parametrize("address", ["10.97.0.1", "192.168.0.1", "::1", "fe80::1"])
    def test_outside(self, address: str) -> None:
        assert not policy("10.96.0.0/16").allows(address, 443)

    def test_public_stays_allowed(self) -> None:
        assert policy("10.96.0.0/16").allows(PUBLIC[0], 443)

    @pytest.mark.parametrize("address", METADATA + METADATA_IN_DISGUISE)
    def test_metadata_service_is_refused_whatever_is_allowed(self, address: str) -> None:
        assert not AddressPolicy(EVERYTHING).allows(address, 443)
        assert not AddressPolicy().allows(address, 443)


def policy(*networks: str) -> AddressPolicy:
    """A policy with exceptions."""
    parsed: list[Network] = [ip_network(network) for network in networks]
    return AddressPolicy(parsed)
