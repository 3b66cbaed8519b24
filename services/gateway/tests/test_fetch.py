"""Downloading from places that strangers name."""

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import uvloop
from aiohttp.abc import AbstractResolver, ResolveResult
from gateway.addresses import AddressPolicy
from gateway.errors import (
    ForbiddenSource,
    ImageTooLarge,
    MalformedRequest,
    SourceFailed,
    SourceRefused,
    SourceTimeout,
)
from gateway.fetch import MOST_PIECES, Fetcher
from gateway.hosts import HostPolicy
from gateway.limits import Deadline
from harness import ImageSource, StartRaw
from pictures import plain
from servers import RawSource
from yarl import URL

SERVICE = Path(__file__).parents[1]
MAX_BYTES = 1000
OK = b"HTTP/1.1 200 OK\r\n"
METADATA_URL = "http://169.254.169.254/latest/meta-data/"


@pytest.fixture
async def fetcher(stack: contextlib.AsyncExitStack) -> Fetcher:
    """A fetcher that may contact this machine by IPv4."""
    return await stack.enter_async_context(new_fetcher("127.0.0.0/8"))


class TestDownload:
    """An image is downloaded as it is."""

    async def test_bytes_arrive(self, fetcher: Fetcher, source: ImageSource) -> None:
        assert await fetch(fetcher, f"{source.url}/image") == plain()

    async def test_redirects_are_followed(self, fetcher: Fetcher, source: ImageSource) -> None:
        url = f"{source.url}/to?url=/to%3Furl=/to%253Furl=/image"
        assert await fetch(fetcher, url) == plain()

    async def test_connection_is_used_again(self, fetcher: Fetcher, source: ImageSource) -> None:
        for _ in range(3):
            await fetch(fetcher, f"{source.url}/image")
        connections = {request.transport for request in source.requests}
        assert len(source.requests) == 3
        assert len(connections) == 1

    # uvloop reads 256 KiB at once, and aiohttp pauses at 128.
    @pytest.mark.parametrize("length", [1_000, 3 * 2**18 - 30_000])
    def test_connection_may_idle_for_longer_than_a_read_may_take(
        self, length: int, tmp_path: Path
    ) -> None:
        image = bytes(length)
        (tmp_path / "image").write_bytes(image)
        # Source and loop as in production: what comes at once decides whether aiohttp pauses.
        command = [sys.executable, "-m", "peers.source", str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=SERVICE) as source:
            assert source.stdout
            url = f"http://127.0.0.1:{int(source.stdout.readline())}/image"
            try:
                assert uvloop.run(_fetch_with_pauses(url, max_bytes=length)) == [image] * 5
            finally:
                source.kill()

    async def test_sends_nothing_that_tells_of_the_caller(
        self, fetcher: Fetcher, source: ImageSource
    ) -> None:
        await fetch(fetcher, f"{source.url}/image")
        (request,) = source.requests
        assert set(request.headers) == {"Host", "Accept", "Accept-Encoding", "User-Agent"}
        assert request.headers["Accept-Encoding"] == "identity"

    async def test_proxy_of_the_environment_is_not_used(
        self, fetcher: Fetcher, source: ImageSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        assert await fetch(fetcher, f"{source.url}/image") == plain()


class TestAddresses:
    """Each connection is checked at the address that is dialled, of every hop."""

    @pytest.mark.parametrize(
        "host",
        [
            "127.0.0.1",
            "localhost",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "169.254.169.254",
            "[fd00:ec2::254]",
            "10.0.0.1",
            "0.0.0.0",
        ],
    )
    async def test_inner_address_is_refused(self, host: str) -> None:
        async with new_fetcher() as fetcher:
            with pytest.raises(ForbiddenSource):
                await fetch(fetcher, f"http://{host}:8080/")

    @pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0"])
    async def test_inner_address_in_an_odd_spelling_is_refused(self, host: str) -> None:
        async with new_fetcher() as fetcher:
            with pytest.raises((ForbiddenSource, MalformedRequest)):
                await fetch(fetcher, f"http://{host}:8080/")

    async def test_refused_before_anything_is_sent(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.setblocking(False)
            async with new_fetcher() as fetcher:
                with pytest.raises(ForbiddenSource):
                    await fetch(fetcher, f"http://127.0.0.1:{listener.getsockname()[1]}/")
            with pytest.raises(BlockingIOError):
                listener.accept()

    @pytest.mark.parametrize("target", [METADATA_URL, "http://[::1]:8080/", "http://10.0.0.1/"])
    async def test_redirect_to_an_inner_address_is_refused(
        self, fetcher: Fetcher, source: ImageSource, target: str
    ) -> None:
        with pytest.raises(ForbiddenSource):
            await fetch(fetcher, f"{source.url}/to?url={target}")

    async def test_redirect_chain_is_refused_at_its_end(
        self, fetcher: Fetcher, source: ImageSource
    ) -> None:
        with pytest.raises(ForbiddenSource):
            await fetch(fetcher, f"{source.url}/to?url=/to%3Furl={METADATA_URL}")

    async def test_name_that_leads_inside_is_refused_by_what_it_leads_to(
        self, source: ImageSource
    ) -> None:
        port = URL(source.url).port
        names = Names(outer=["127.0.0.1"], inner=["127.0.0.2"])
        async with new_fetcher("127.0.0.1/32", resolver=names) as fetcher:
            outer = f"http://outer.test:{port}"
            assert await fetch(fetcher, f"{outer}/image") == plain()
            with pytest.raises(ForbiddenSource):
                await fetch(fetcher, f"http://inner.test:{port}/image")
            with pytest.raises(ForbiddenSource):
                await fetch(fetcher, f"{outer}/to?url=http://inner.test:{port}/image")

    async def test_port_where_no_web_server_is(self) -> None:
        names = Names(public=["192.88.98.1"])
        async with new_fetcher(resolver=names) as fetcher:
            with pytest.raises(ForbiddenSource):
                await fetch(fetcher, "http://public.test:22/")


class TestHosts:
    """A host that may not be named is refused before its name is looked up, on every hop."""

    async def test_denied(self, source: ImageSource) -> None:
        async with new_fetcher("127.0.0.0/8", hosts=HostPolicy(denied=["127.0.0.1"])) as fetcher:
            with pytest.raises(ForbiddenSource, match="host"):
                await fetch(fetcher, f"{source.url}/image")
        assert not source.requests

    async def test_not_among_the_allowed(self, source: ImageSource) -> None:
        allowed = HostPolicy(allowed=["127.0.0.1"])
        async with new_fetcher("127.0.0.0/8", hosts=allowed) as fetcher:
            assert await fetch(fetcher, f"{source.url}/image") == plain()
            for target in ("http://evil.example/", "http://evil.example@127.0.0.1.nip.example/"):
                with pytest.raises((ForbiddenSource, SourceRefused)):
                    await fetch(fetcher, f"{source.url}/to?url={target}")

    async def test_name_in_another_script_counts_in_ascii(self) -> None:
        async with new_fetcher(hosts=HostPolicy(denied=["xn--bcher-kva.example"])) as fetcher:
            with pytest.raises(ForbiddenSource, match="host"):
                await fetch(fetcher, "http://b\u00fccher.example/")


class TestRedirects:
    """Redirects are followed a few times, and only where a request may begin."""

    @pytest.mark.parametrize(
        "target",
        ["file:///etc/passwd", "ftp://127.0.0.1/", "http://user:password@127.0.0.1/", "http://["],
    )
    async def test_unusable_target(
        self, fetcher: Fetcher, source: ImageSource, target: str
    ) -> None:
        with pytest.raises(SourceRefused, match="unusable"):
            await fetch(fetcher, f"{source.url}/to?url={target}")

    async def test_none_by_setting(self, source: ImageSource) -> None:
        async with new_fetcher("127.0.0.0/8", max_redirects=0) as fetcher:
            with pytest.raises(SourceRefused, match="more than 0 times"):
                await fetch(fetcher, f"{source.url}/to?url=/image")

    async def test_without_a_target(self, fetcher: Fetcher, start_raw: StartRaw) -> None:
        url = await start_raw(RawSource(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"))
        with pytest.raises(SourceRefused):
            await fetch(fetcher, url)

    async def test_in_a_circle(self, fetcher: Fetcher, start_raw: StartRaw) -> None:
        source = RawSource(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")
        with pytest.raises(SourceRefused, match="more than 3 times"):
            await fetch(fetcher, await start_raw(source))
        assert len(source.requests) == 4


class TestSize:
    """Never more bytes than allowed, whatever the source says of the length."""

    async def test_announced_length_is_refused_before_the_body(
        self, fetcher: Fetcher, start_raw: StartRaw
    ) -> None:
        source = RawSource(OK, b"Content-Length: 1001\r\n\r\n", then_hang=True)
        with pytest.raises(ImageTooLarge, match="1000 bytes"):
            await fetch(fetcher, await start_raw(source))

    @pytest.mark.parametrize(
        "headers", [b"\r\n", b"Transfer-Encoding: chunked\r\n\r\n"], ids=["none", "chunked"]
    )
    async def test_endless_body_is_cut(
        self, fetcher: Fetcher, start_raw: StartRaw, headers: bytes
    ) -> None:
        chunk = b"200\r\n" + b"x" * 0x200 + b"\r\n"
        source = RawSource(OK, headers, *[chunk] * 20_000)
        with pytest.raises(ImageTooLarge):
            await fetch(fetcher, await start_raw(source))
        await asyncio.wait_for(source.hung_up.wait(), 5)
        assert source.bytes_sent < 20_000 * len(chunk)

    async def test_body_ends_before_its_announced_length(
        self, fetcher: Fetcher, start_raw: StartRaw
    ) -> None:
        url = await start_raw(RawSource(OK, b"Content-Length: 900\r\n\r\n", b"x" * 10))
        with pytest.raises(SourceFailed):
            await fetch(fetcher, url)

    async def test_without_a_length_the_end_of_the_connection_counts(
        self, fetcher: Fetcher, start_raw: StartRaw
    ) -> None:
        url = await start_raw(RawSource(OK, b"\r\n", b"x" * 1000))
        assert await fetch(fetcher, url) == b"x" * 1000

    @pytest.mark.parametrize(
        ("headers", "frame"),
        [
            (b"Content-Length: 500\r\n\r\n", b"x"),
            (b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        ],
        ids=["length", "chunked"],
    )
    async def test_dribbled_body_is_joined(
        self, fetcher: Fetcher, start_raw: StartRaw, headers: bytes, frame: bytes
    ) -> None:
        end = b"0\r\n\r\n" if len(frame) > 1 else b""
        source = RawSource(OK, headers, *[frame] * 500, end)
        pieces = await fetcher.fetch(await start_raw(source), Deadline(10))
        assert b"".join(pieces) == b"x" * 500
        assert len(pieces) <= MOST_PIECES

    async def test_compressed_answer_is_refused(
        self, fetcher: Fetcher, start_raw: StartRaw
    ) -> None:
        headers = b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n"
        with pytest.raises(SourceRefused, match="compresses"):
            await fetch(fetcher, await start_raw(RawSource(OK, headers, b"gzip")))


class TestTime:
    """A source has one amount of time for everything."""

    async def test_headers_do_not_come(self, start_raw: StartRaw) -> None:
        url = await start_raw(RawSource(then_hang=True))
        await assert_times_out(url)

    async def test_body_drips(self, start_raw: StartRaw) -> None:
        url = await start_raw(RawSource(OK, b"\r\n", *[b"x"] * 100, pause_seconds=0.05))
        await assert_times_out(url)

    async def test_next_bytes_do_not_come(self, start_raw: StartRaw) -> None:
        url = await start_raw(RawSource(OK, b"\r\n", b"x", then_hang=True))
        async with new_fetcher("127.0.0.0/8", read_timeout_seconds=0.1) as fetcher:
            with pytest.raises(SourceTimeout):
                await fetch(fetcher, url)

    async def test_connection_is_not_accepted(self) -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
            port = listener.getsockname()[1]
            with contextlib.ExitStack() as occupied:
                for _ in range(4):  # more than the queue of connections holds
                    client = occupied.enter_context(socket.socket())
                    client.setblocking(False)
                    client.connect_ex(("127.0.0.1", port))
                await assert_times_out(f"http://127.0.0.1:{port}/")

    async def test_no_more_than_the_request_has_left(
        self, fetcher: Fetcher, start_raw: StartRaw
    ) -> None:
        url = await start_raw(RawSource(then_hang=True))
        with pytest.raises(SourceTimeout):
            await fetcher.fetch(url, Deadline(0.1))


class TestAnswers:
    """Only a whole image is an image."""

    @pytest.mark.parametrize("status", [201, 204, 206, 304, 400, 404, 451])
    async def test_refused(self, fetcher: Fetcher, source: ImageSource, status: int) -> None:
        with pytest.raises(SourceRefused) as caught:
            await fetch(fetcher, f"{source.url}/status/{status}")
        assert caught.value.source_status == status

    async def test_failed(self, fetcher: Fetcher, source: ImageSource) -> None:
        with pytest.raises(SourceFailed) as caught:
            await fetch(fetcher, f"{source.url}/status/503")
        assert caught.value.source_status == 503

    async def test_no_http(self, fetcher: Fetcher, start_raw: StartRaw) -> None:
        with pytest.raises(SourceFailed):
            await fetch(fetcher, await start_raw(RawSource(b"SSH-2.0-OpenSSH\r\n\r\n")))

    async def test_name_is_not_known(self, fetcher: Fetcher) -> None:
        with pytest.raises(SourceFailed):
            await fetch(fetcher, "http://nowhere.invalid/")

    @pytest.mark.parametrize(
        "url", [f"http://{'a' * 64}.example/", "//[]@", "http://[8:1]/", "http://a\0b.example/"]
    )
    async def test_impossible_name(self, fetcher: Fetcher, url: str) -> None:
        with pytest.raises(MalformedRequest):
            await fetch(fetcher, url)


def new_fetcher(*networks: str, **options: Any) -> Fetcher:
    """A fetcher with exception networks, and other options than those of these tests."""
    ordinary: dict[str, Any] = {
        "addresses": AddressPolicy([ip_network(network) for network in networks]),
        "hosts": HostPolicy(),
        "max_redirects": 3,
        "max_bytes": MAX_BYTES,
        "timeout_seconds": 5,
        "connect_timeout_seconds": 2,
        "read_timeout_seconds": 2,
    }
    return Fetcher(**(ordinary | options))


class Names(AbstractResolver):
    """Name service with a few names, each with its addresses."""

    def __init__(self, **addresses: list[str]) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a name such as `inner.test`."""
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0
            )
            for address in self._addresses[host.removesuffix(".test")]
        ]

    async def close(self) -> None:
        """Nothing is open."""


async def fetch(fetcher: Fetcher, url: str) -> bytes:
    """Fetch within an ample deadline."""
    return b"".join(await fetcher.fetch(url, Deadline(10)))


async def _fetch_with_pauses(url: str, *, max_bytes: int) -> list[bytes]:
    """An image five times, each time on a connection that idled too long for a read."""
    images = []
    async with new_fetcher("127.0.0.0/8", max_bytes=max_bytes, read_timeout_seconds=0.1) as fetcher:
        for _ in range(5):
            images.append(await fetch(fetcher, url))
            await asyncio.sleep(0.2)
    return images


async def assert_times_out(url: str) -> None:
    """A fetch with little time ends soon after it."""
    async with new_fetcher("127.0.0.0/8", timeout_seconds=0.2) as fetcher:
        start = time.monotonic()
        with pytest.raises(SourceTimeout):
            await fetch(fetcher, url)
        assert time.monotonic() - start < 2
