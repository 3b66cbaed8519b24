"""Which addresses the gateway must never contact, told another way than `gateway.addresses` does.

Plain ranges of numbers, from the IANA registries of special addresses (RFC 6890 and its updates)
and the documents of the transition mechanisms; no use of what Python's `ipaddress` knows.
"""

import ipaddress
from collections.abc import Iterator

FORBIDDEN_IPV4 = [
    (int(ipaddress.IPv4Address(first)), int(ipaddress.IPv4Address(last)))
    for first, last in (
        ("0.0.0.0", "0.255.255.255"),  # this network
        ("10.0.0.0", "10.255.255.255"),  # private
        ("100.64.0.0", "100.127.255.255"),  # carriers' NAT
        ("127.0.0.0", "127.255.255.255"),  # loopback
        ("168.63.129.16", "168.63.129.16"),  # Azure's metadata
        ("169.254.0.0", "169.254.255.255"),  # link-local, metadata
        ("172.16.0.0", "172.31.255.255"),  # private
        ("192.0.2.0", "192.0.2.255"),  # documentation
        ("192.88.99.0", "192.88.99.255"),  # 6to4 relays
        ("192.168.0.0", "192.168.255.255"),  # private
        ("198.18.0.0", "198.19.255.255"),  # benchmarks
        ("198.51.100.0", "198.51.100.255"),  # documentation
        ("203.0.113.0", "203.0.113.255"),  # documentation
        ("224.0.0.0", "255.255.255.255"),  # multicast, reserved, broadcast
    )
]
FORBIDDEN_IPV6 = [
    (int(ipaddress.IPv6Address(first)), int(ipaddress.IPv6Address(last)))
    for first, last in (
        ("::", "::ffff:ffff"),  # IPv4-compatible, which nobody routes
        ("2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff"),  # Teredo, no longer in use
        ("2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff"),  # benchmarks
        ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),  # documentation
        ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),  # documentation
    )
]
UNICAST_TOP_BITS = 0b001  # 2000::/3
ISATAP = (0x0000_5EFE, 0x0200_5EFE)
LOW_32 = 0xFFFF_FFFF


def must_be_refused(packed: bytes) -> bool:
    """Whether an address of 4 or 16 bytes is inside, or stands for one that is."""
    number = int.from_bytes(packed)
    if len(packed) == 4:
        return _is_in(FORBIDDEN_IPV4, number)
    inner = list(_inner_ipv4(number))
    if _is_in(FORBIDDEN_IPV6, number) or any(_is_in(FORBIDDEN_IPV4, each) for each in inner):
        return True
    return not inner and number >> 125 != UNICAST_TOP_BITS


def _is_in(ranges: list[tuple[int, int]], number: int) -> bool:
    return any(first <= number <= last for first, last in ranges)


def _inner_ipv4(number: int) -> Iterator[int]:
    """The IPv4 addresses in an IPv6 one, by all conventions."""
    if number >> 32 in (0, 0xFFFF, 0x64_FF9B << 64):  # compatible, mapped, NAT64
        yield number & LOW_32
    if number >> 112 == 0x2002:  # 6to4
        yield number >> 80 & LOW_32
    if number >> 96 == 0x2001_0000:  # Teredo: server, and the client inverted
        yield number >> 64 & LOW_32
        yield ~number & LOW_32
    if number >> 80 == 0x0064_FF9B_0001:  # NAT64 for local use: around the bits 64 to 71
        yield (number >> 64 & 0xFFFF) << 16 | (number >> 40 & 0xFFFF)
    if number >> 32 & LOW_32 in ISATAP:
        yield number & LOW_32
