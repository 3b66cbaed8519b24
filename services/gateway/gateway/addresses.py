"""May the gateway contact this address? The rule against server-side request forgery.

Callers name the URL, so without this rule they could make the gateway read the cluster's inner
services and the node's credentials. The rule is asked about the resolved address of each single
connection (see `fetch`), so neither DNS nor a redirect gets around it.

Python's `is_global` alone is not enough: it lets multicast and IPv6 addresses through that carry
a private IPv4 address inside, and its tables change between patch releases.
"""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

DEFAULT_PORTS = (80, 443)

# Where clouds hand credentials to whoever asks from inside: refused whatever the settings allow.
METADATA_NETWORKS: tuple[Network, ...] = (
    IPv4Network("169.254.0.0/16"),  # EC2 and others, ECS and EKS pod credentials
    IPv6Network("fe80::/10"),
    IPv6Network("fd00:ec2::/32"),  # EC2, EKS pod credentials
    IPv6Network("fd20:ce::/32"),  # Google Cloud
    IPv4Network("100.100.100.200/32"),  # Alibaba Cloud
    IPv4Network("168.63.129.16/32"),  # Azure, a public address
)

# All of IPv6 that is routed as unicast (RFC 4291 §2.4); leaves out multicast, site-local and such.
GLOBAL_UNICAST_IPV6 = IPv6Network("2000::/3")
DOCUMENTATION_IPV6 = IPv6Network("3fff::/20")  # RFC 9637, newer than Python's tables
ANYCAST_6TO4_RELAYS = IPv4Network("192.88.99.0/24")  # RFC 7526, global to `ipaddress`

# IPv6 addresses that are only a way to an IPv4 address, which then decides alone.
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052; IPv6-only clusters reach IPv4 hosts through it
NAT64_LOCAL_USE = IPv6Network("64:ff9b:1::/48")  # RFC 8215
IPV4_COMPATIBLE = IPv6Network("::/96")  # RFC 4291 §2.5.5.1
ISATAP_INTERFACE_IDS = (0x0000_5EFE, 0x0200_5EFE)  # RFC 5214 §6.1, upper half


class AddressPolicy:
    """Public addresses are allowed on some ports, those in exception networks on all.

    Metadata services are refused whatever the exceptions.
    """

    def __init__(
        self,
        allowed_networks: Sequence[Network] = (),
        public_ports: Sequence[int] = DEFAULT_PORTS,
    ) -> None:
        self._allowed_networks = tuple(allowed_networks)
        self._public_ports = frozenset(public_ports)

    def allows(self, address: str, port: int) -> bool:
        """Whether a TCP port of an IP address may be contacted.

        An address that stands for others (IPv4 inside IPv6) is allowed if all of them are.
        """
        return all(self._allows_one(one, port) for one in _all_meant_by(ip_address(address)))

    def _allows_one(self, address: Address, port: int) -> bool:
        if _is_in(address, METADATA_NETWORKS):
            return False
        if _is_in(address, self._allowed_networks):
            return True
        return _is_public(address) and port in self._public_ports


def is_ip_address(text: str) -> bool:
    """Whether a text is an IPv4 or IPv6 address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address):
        is_unicast = address in GLOBAL_UNICAST_IPV6 and address not in DOCUMENTATION_IPV6
        return address.is_global and is_unicast
    return address.is_global and not address.is_multicast and address not in ANYCAST_6TO4_RELAYS


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


def _all_meant_by(address: Address) -> Iterator[Address]:
    """The address itself, unless it is a mere way to another, and the IPv4 addresses inside it."""
    if isinstance(address, IPv4Address):
        yield address
    elif address.ipv4_mapped:
        yield address.ipv4_mapped
    elif address.sixtofour:
        yield address.sixtofour
    elif address in NAT64:
        yield _ipv4_at(address, 12, 13, 14, 15)
    elif address in NAT64_LOCAL_USE:
        yield _ipv4_at(address, 6, 7, 9, 10)
    else:
        yield address
        yield from _carried_by(address)


def _carried_by(address: IPv6Address) -> Iterator[IPv4Address]:
    if address.teredo:
        yield from address.teredo
    if address in IPV4_COMPATIBLE or _is_isatap(address):
        yield _ipv4_at(address, 12, 13, 14, 15)


def _is_isatap(address: IPv6Address) -> bool:
    return int.from_bytes(address.packed[8:12]) in ISATAP_INTERFACE_IDS


def _ipv4_at(address: IPv6Address, *positions: int) -> IPv4Address:
    return IPv4Address(bytes(address.packed[position] for position in positions))
