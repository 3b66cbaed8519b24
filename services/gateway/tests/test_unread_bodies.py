"""An answer that is given before the request is whole arrives nevertheless."""

import asyncio
import time
from urllib.parse import urlsplit

import pytest
from gateway.unread_bodies import MAX_REST_BYTES, MAX_REST_SECONDS
from harness import Gateway

# More than the system buffers on its way: it is sent only if somebody takes it.
BODY_BYTES = 8 * 2**20
LIMIT_SECONDS = 20


async def answer_to(gateway: Gateway, *fields: str, body: bytes, pause_seconds: float = 0) -> str:
    """What comes back for a request that ends its connection, up to that end."""
    netloc = urlsplit(gateway.url).netloc
    host, _, port = netloc.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    lines = ("POST /nowhere HTTP/1.1", f"Host: {netloc}", "Connection: close", *fields, "", "")
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            writer.write("\r\n".join(lines).encode())
            await writer.drain()
            await asyncio.sleep(pause_seconds)
            writer.write(body)
            await writer.drain()
            return (await reader.read()).decode()
    finally:
        writer.close()


class TestEarlyAnswer:
    """There is no such path, whatever the body; the caller reads so when it has sent it."""

    async def test_body_comes_later(self, gateway: Gateway) -> None:
        length = f"Content-Length: {BODY_BYTES}"
        answer = await answer_to(gateway, length, body=bytes(BODY_BYTES), pause_seconds=0.2)
        assert answer.startswith("HTTP/1.1 404 ")

    async def test_body_comes_in_chunks(self, gateway: Gateway) -> None:
        chunk = bytes(BODY_BYTES)
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(chunk), chunk)
        answer = await answer_to(
            gateway, "Transfer-Encoding: chunked", body=body, pause_seconds=0.2
        )
        assert answer.startswith("HTTP/1.1 404 ")


class TestLimits:
    """Nobody is waited for who doesn't send, or sends too much."""

    @pytest.mark.parametrize(
        "fields",
        [
            (f"Content-Length: {MAX_REST_BYTES + 1}",),
            ("Content-Length: 5", "Expect: 100-continue"),
        ],
    )
    async def test_at_once(self, gateway: Gateway, fields: tuple[str, ...]) -> None:
        began = time.monotonic()
        answer = await answer_to(gateway, *fields, body=b"")
        assert answer.startswith("HTTP/1.1 404 ")
        assert time.monotonic() - began < MAX_REST_SECONDS

    async def test_after_a_while(self, gateway: Gateway) -> None:
        began = time.monotonic()
        answer = await answer_to(gateway, "Content-Length: 5", body=b"1234")
        assert answer.startswith("HTTP/1.1 404 ")
        assert time.monotonic() - began >= MAX_REST_SECONDS
