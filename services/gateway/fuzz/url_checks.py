"""What has to hold for any bytes that become an address or a URL."""

import contextlib
import ipaddress
import socket

from gateway.addresses import AddressPolicy
from gateway.errors import MalformedRequest, SourceRefused
from gateway.fetch import parse_url, redirect_target
from gateway.hosts import HostPolicy
from yarl import URL

from fuzz.address_oracle import must_be_refused

WEB_PORT = 443
# What makes an IPv4 address of an IPv6 one, so that chance needn't find 96 bits.
PREFIXES = tuple(
    ipaddress.IPv6Address(prefix).packed
    for prefix in (
        "::",
        "::ffff:0:0",
        "64:ff9b::",
        "64:ff9b:1::",
        "2002::",
        "2001::",
        "2600::5efe:0:0",
    )
)
SOURCE = URL("https://source.example/a/b.jpg")
DENIED = HostPolicy(denied=["denied.example", "*.denied.example"])


class Hole(Exception):
    """What should be refused passes."""


def check(data: bytes, policy: AddressPolicy) -> None:
    """Take bytes for an address or for a URL; raises Hole, or what should never be raised."""
    if data[:1] < b"\x40":
        check_address(data[1:5].ljust(4, b"\0"), policy)
    elif data[:1] < b"\x80":
        prefix = PREFIXES[data[0] % len(PREFIXES)]
        body = data[1:17].ljust(16, b"\0")
        check_address(bytes(a ^ b for a, b in zip(prefix, body, strict=True)), policy)
    else:
        check_url(data[1:].decode(errors="surrogateescape"), policy)


def check_address(packed: bytes, policy: AddressPolicy) -> None:
    """An address of 4 or 16 bytes."""
    address = str(ipaddress.ip_address(packed))
    if policy.allows(address, WEB_PORT) and must_be_refused(packed):
        raise Hole(f"{address} may be contacted")


def check_url(text: str, policy: AddressPolicy) -> None:
    """A URL as a caller sends it, and as a source redirects to it."""
    with contextlib.suppress(MalformedRequest):
        check_usable(parse_url(text), policy)
    with contextlib.suppress(SourceRefused):
        check_usable(redirect_target(SOURCE, text), policy)


def check_usable(url: URL, policy: AddressPolicy) -> None:
    """A URL that would be requested."""
    host = url.raw_host or ""
    if url.scheme not in ("http", "https") or url.user or url.password or not host:
        raise Hole(f"{url!r} passes")
    again = parse_url(str(url))
    if (str(again.raw_host).lower(), again.port) != (host.lower(), url.port):
        raise Hole(f"{url!r} means another place when it is read again")
    name = host.lower().removesuffix(".")
    if (name == "denied.example" or name.endswith(".denied.example")) and DENIED.allows(host):
        raise Hole(f"{url!r} is not denied")
    for packed in numeric_addresses(host):
        check_address(packed, policy)


def numeric_addresses(host: str) -> list[bytes]:
    """What the system makes of a host that is an address in any spelling, such as 0x7f.1."""
    try:
        found = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return []
    return [
        socket.inet_pton(family, str(where[0]).partition("%")[0])
        for family, _, _, _, where in found
    ]
