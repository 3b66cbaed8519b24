"""Takes the rest of a request before it is answered early, so that the answer arrives."""

import asyncio
import contextlib
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A little more than the default largest image: what announces itself as larger is not waited for.
MAX_REST_BYTES = 16 * 2**20
MAX_REST_SECONDS = 2.0


class UnreadBodies:
    """ASGI middleware for answers that a body doesn't matter to, such as 401, 404 or 429.

    Where a connection ends with an answer while the caller still sends, the caller's system drops
    both: "connection reset" (https://www.rfc-editor.org/rfc/rfc9112#section-9.6). So the answer
    waits until the body has come, for a limited time and size; nothing of it is kept.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _has_body(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        is_whole = False

        async def receive_and_note() -> Message:
            nonlocal is_whole
            message = await receive()
            is_whole = not message.get("more_body", False)  # or the caller has gone
            return message

        async def send_when_whole(message: Message) -> None:
            # 408: it has been waited for already.
            is_early = message["type"] == "http.response.start" and not is_whole
            if is_early and message["status"] != HTTPStatus.REQUEST_TIMEOUT:
                await _take_rest(receive_and_note)
            await send(message)

        await self._app(scope, receive_and_note, send_when_whole)


def _has_body(headers: Headers) -> bool:
    """Whether a body comes that may be taken: unasked for, and not too large."""
    if headers.get("Expect", "").lower() == "100-continue":
        return False  # the caller sends none before it is told to
    length = headers.get("Content-Length", "0")
    is_small = length.isdecimal() and 0 < int(length) <= MAX_REST_BYTES
    return is_small or "Transfer-Encoding" in headers


async def _take_rest(receive: Receive) -> None:
    taken = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(MAX_REST_SECONDS):
            while taken < MAX_REST_BYTES:
                message = await receive()
                if not message.get("more_body", False):
                    return
                taken += len(message["body"])
