"""Reading what a caller sends: a URL in JSON, or the image itself."""

import asyncio
import json

from starlette.requests import Request

from gateway.errors import BodyTooLarge, MalformedRequest, SlowRequest
from gateway.limits import Deadline

MAX_JSON_BYTES = 64 * 2**10

EXPECTED_JSON = 'the body must be JSON of the form {"url": "https://..."}'


async def read_url(request: Request, deadline: Deadline) -> str:
    """The URL of a body `{"url": "..."}`; other keys don't matter.

    Raises MalformedRequest, or what `read_body` raises.
    """
    body = await read_body(request, MAX_JSON_BYTES, deadline)
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedRequest(EXPECTED_JSON) from error
    if not isinstance(content, dict) or not isinstance(content.get("url"), str):
        raise MalformedRequest(EXPECTED_JSON)
    url: str = content["url"]
    return url


async def read_body(request: Request, max_bytes: int, deadline: Deadline) -> bytes:
    """The whole body; raises BodyTooLarge, SlowRequest, or Starlette's ClientDisconnect."""
    # The server has refused a length that is no number, and lets nobody send more than announced.
    if int(request.headers.get("Content-Length", "0")) > max_bytes:
        raise _too_large(max_bytes)
    try:
        async with asyncio.timeout(deadline.remaining_seconds()):
            return await _collect(request, max_bytes)
    except TimeoutError as error:
        raise SlowRequest("the request's body did not arrive in time") from error


async def _collect(request: Request, max_bytes: int) -> bytes:
    chunks: list[bytes] = []
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > max_bytes:
            raise _too_large(max_bytes)
        chunks.append(chunk)
    return b"".join(chunks)


def _too_large(max_bytes: int) -> BodyTooLarge:
    return BodyTooLarge(f"the request's body has more than the {max_bytes} bytes allowed")
