"""Reading what a caller sends, never more than is allowed and never for longer."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from starlette.requests import Request

from gateway.errors import BodyTooLarge, MalformedRequest, SlowRequest
from gateway.limits import Deadline

MAX_JSON_BYTES = 64 * 2**10

EXPECTED_JSON = 'the body must be JSON of the form {"url": "https://..."}'


class UrlBody(msgspec.Struct):
    """The course's body; other keys don't matter."""

    url: str


_decode_url_body = msgspec.json.Decoder(UrlBody).decode


async def read_url(request: Request, deadline: Deadline) -> str:
    """The URL of a body `{"url": "..."}`.

    Raises MalformedRequest, or what `read_body` raises.
    """
    body = await read_body(request, MAX_JSON_BYTES, deadline)
    try:
        return _decode_url_body(body).url
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedRequest(EXPECTED_JSON) from error


def media_type(request: Request) -> str:
    """The content type without its parameters, in lower case; empty if there is none."""
    return request.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def is_image_file(content_type: str) -> bool:
    """Whether a body of this type is an image as it is; its bytes say of which format."""
    return content_type.startswith("image/") or content_type == "application/octet-stream"


async def read_body(request: Request, max_bytes: int, deadline: Deadline) -> bytes:
    """The whole body; raises BodyTooLarge, SlowRequest, or Starlette's ClientDisconnect."""
    async with arriving_in_time(deadline):
        return b"".join([chunk async for chunk in stream_body(request, max_bytes)])


async def stream_body(request: Request, max_bytes: int) -> AsyncGenerator[bytes, None]:
    """The body as it comes; raises BodyTooLarge, or Starlette's ClientDisconnect."""
    # The server has refused a length that is no number, and lets nobody send more than announced.
    if int(request.headers.get("Content-Length", "0")) > max_bytes:
        raise _too_large(max_bytes)
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > max_bytes:
            raise _too_large(max_bytes)
        yield chunk


@asynccontextmanager
async def arriving_in_time(deadline: Deadline) -> AsyncIterator[None]:
    """Give a body until the deadline to arrive; raises SlowRequest."""
    try:
        async with asyncio.timeout(deadline.remaining_seconds()):
            yield
    except TimeoutError as error:
        raise SlowRequest("the request's body did not arrive in time") from error


def _too_large(max_bytes: int) -> BodyTooLarge:
    return BodyTooLarge(f"the request's body has more than the {max_bytes} bytes allowed")
