"""Download an image from a URL that a stranger chose.

Every connection goes through `_open_socket`, which sees the resolved address that is about to be
dialled: first request or redirect, name or literal, whatever DNS said before. A kept-alive
connection is reused without another check, as it still leads to the address that was checked.
"""

import asyncio
import re
import socket
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from gateway.addresses import AddressPolicy, is_ip_address
from gateway.errors import (
    ForbiddenSource,
    ImageTooLarge,
    MalformedRequest,
    SourceFailed,
    SourceRefused,
    SourceTimeout,
)
from gateway.hosts import HostPolicy
from gateway.limits import Deadline

HOST_NAME = re.compile(r"[A-Za-z0-9_.-]{1,253}")  # in ASCII, as it is looked up
REDIRECT_STATUSES = (301, 302, 303, 307, 308)
KEEP_ALIVE_SECONDS = 30
# An image comes in pieces of 256 KB; only those of a source that dribbles are worth joining.
MOST_PIECES = 100
REQUEST_HEADERS = {
    "Accept": "image/*",
    # An image is compressed already; inflating what a stranger sends would need limits of its own.
    "Accept-Encoding": "identity",
    "User-Agent": "image-serving-gateway",
}


class Fetcher:
    """An HTTP client for images; use as an async context manager, one per process."""

    def __init__(
        self,
        *,
        addresses: AddressPolicy,
        hosts: HostPolicy,
        max_redirects: int,
        max_bytes: int,
        timeout_seconds: float,
        connect_timeout_seconds: float,
        read_timeout_seconds: float,
        resolver: AbstractResolver | None = None,
    ) -> None:
        """`timeout_seconds` is for all of it, `read_timeout_seconds` until the next bytes come.

        `resolver` finds the addresses of names; None: the system's.
        """
        self._addresses = addresses
        self._hosts = hosts
        self._max_redirects = max_redirects
        self._resolver = resolver
        self._max_bytes = max_bytes
        self._timeout_seconds = timeout_seconds
        self._timeout = aiohttp.ClientTimeout(
            total=None, connect=connect_timeout_seconds, sock_read=read_timeout_seconds
        )

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=0,  # requests are limited at the door, see ConcurrencyLimit
            keepalive_timeout=KEEP_ALIVE_SECONDS,
            socket_factory=self._open_socket,
            resolver=self._resolver,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=REQUEST_HEADERS,
            auto_decompress=False,
            # An image is held whole anyway. With less aiohttp pauses, and then its time limit for
            # reading goes on in the pool and ends the connection's next request
            # (https://github.com/aio-libs/aiohttp/issues/12953, mended in 3.14.5 but for this).
            read_bufsize=self._max_bytes,
            # A proxy from the environment would be dialled in the place of the checked address.
            trust_env=False,
        )
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def fetch(self, url: str, deadline: Deadline) -> Sequence[bytes]:
        """The bytes behind an http or https URL, following redirects, in a few pieces.

        Raises MalformedRequest for a URL that can't be used, ImageTooLarge, or a SourceError.
        """
        timeout_seconds = min(self._timeout_seconds, deadline.remaining_seconds())
        try:
            async with asyncio.timeout(timeout_seconds):
                return await self._follow(parse_url(url))
        except TimeoutError as error:
            raise SourceTimeout("the image's source did not deliver in time") from error
        except (aiohttp.InvalidURL, UnicodeError) as error:
            # Host names that only the resolver finds impossible, such as a..b
            raise MalformedRequest("the URL can't be read") from error
        except (aiohttp.ClientError, OSError) as error:
            raise SourceFailed("the image's source can't be reached or broke off") from error

    async def _follow(self, url: URL) -> Sequence[bytes]:
        for _ in range(self._max_redirects + 1):
            if not self._hosts.allows(url.raw_host or ""):
                raise ForbiddenSource("the URL names a host that may not be used")
            request = self._session.get(url, allow_redirects=False, timeout=self._timeout)
            async with request as response:
                if response.status not in REDIRECT_STATUSES:
                    return await self._read(response)
                url = redirect_target(response.url, response.headers.get("Location", ""))
        raise SourceRefused(f"the image's source redirects more than {self._max_redirects} times")

    async def _read(self, response: aiohttp.ClientResponse) -> Sequence[bytes]:
        _check_is_complete(response)
        if (response.content_length or 0) > self._max_bytes:
            raise self._too_large()
        pieces: list[bytes] = []
        received = 0
        while piece := await _next_piece(response):
            received += len(piece)
            if received > self._max_bytes:
                raise self._too_large()
            pieces.append(piece)
        return pieces if len(pieces) <= MOST_PIECES else [b"".join(pieces)]

    def _too_large(self) -> ImageTooLarge:
        return ImageTooLarge(f"the image has more than the {self._max_bytes} bytes allowed")

    def _open_socket(self, address_info: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = address_info
        if not self._addresses.allows(str(address[0]), int(address[1])):
            raise ForbiddenSource("the URL leads to an address or port that may not be used")
        return socket.socket(family, kind, protocol)


def parse_url(text: str) -> URL:
    """A URL that may be requested; raises MalformedRequest."""
    url = _to_url(text)
    if url.scheme not in ("http", "https") or not url.host:
        raise MalformedRequest("the URL must begin with http:// or https:// and name a host")
    if url.user is not None or url.password is not None:
        raise MalformedRequest("the URL must not hold a user name or password")
    # yarl lets more pass: NULs, http://[8:1]/ for the host 8; found by our fuzzer.
    if not HOST_NAME.fullmatch(url.raw_host or "") and not is_ip_address(url.host):
        raise MalformedRequest("the URL must name a host or an address")
    return url


def redirect_target(source: URL, location: str) -> URL:
    """Where a redirect leads; raises SourceRefused if it is nowhere that may be followed."""
    try:
        target = parse_url(str(source.join(_to_url(location))))
    except (ValueError, MalformedRequest) as error:
        raise SourceRefused("the image's source redirects to an unusable URL") from error
    if source.scheme == "https" and target.scheme == "http":
        raise SourceRefused("the image's source redirects from https to http")
    return target


def _to_url(text: str) -> URL:
    try:
        return URL(text)
    except (ValueError, IndexError) as error:  # IndexError: //[]@, which our fuzzer found
        raise MalformedRequest("the URL can't be read") from error


async def _next_piece(response: aiohttp.ClientResponse) -> bytes:
    """As it came off the connection; empty at the end."""
    if response.content_length is None:
        # In HTTP's chunks, which a stranger may make of a byte each: all that are there, joined.
        return await response.content.readany()
    piece, _ = await response.content.readchunk()
    return piece


def _check_is_complete(response: aiohttp.ClientResponse) -> None:
    """Raise unless the answer is the whole image, as it is."""
    status = response.status
    if status >= 500:
        raise SourceFailed(f"the image's source answered with status {status}", status)
    if status != 200:
        raise SourceRefused(f"the image's source answered with status {status}", status)
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise SourceRefused("the image's source compresses its answer; it must send the plain file")
