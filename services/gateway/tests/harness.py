"""What tests hold in their hands: a running gateway, an image source, ways to start servers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web
from servers import RawSource, until


@dataclass
class ImageSource:
    """A web server whose images and answers a test sets."""

    url: str
    image: bytes
    requests: list[web.Request]


class Gateway:
    """A running gateway and a client for it."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self._session = session

    async def get(self, path: str) -> "Answer":
        """GET a path."""
        async with self._session.get(self.url + path) as response:
            return Answer(response.status, response.headers, await response.json())

    async def get_text(self, path: str) -> str:
        """GET a path that must succeed, and isn't JSON."""
        async with self._session.get(self.url + path) as response:
            assert response.status == 200
            return await response.text()

    async def post(self, path: str = "/predict", **options: Any) -> "Answer":
        """POST to a path, with the options of aiohttp."""
        async with self._session.post(self.url + path, **options) as response:
            return Answer(response.status, response.headers, await response.json())

    async def post_image(self, image: bytes | AsyncIterator[bytes], **options: Any) -> "Answer":
        """POST an image as the body."""
        headers = {"Content-Type": "application/octet-stream"} | options.pop("headers", {})
        return await self.post(data=image, headers=headers, **options)

    async def until_ready(self) -> None:
        """Wait until the gateway knows its model."""

        async def is_ready() -> bool:
            return (await self.get("/readyz")).status == 200

        await until(is_ready)

    async def until_lists(self, model: str) -> None:
        """Wait until a further model is ready."""

        async def is_ready() -> bool:
            return bool((await self.get(f"/v1/models/{model}")).json["ready"])

        await until(is_ready)

    async def until_not_ready_because(self, reason: str) -> None:
        """Wait until the gateway says that it isn't ready, with some words of the reason."""

        async def says_so() -> bool:
            answer = await self.get("/readyz")
            return answer.status == 503 and reason in answer.json["detail"]

        await until(says_so)


@dataclass
class Answer:
    """What the gateway answered."""

    status: int
    headers: Any
    json: Any


async def in_chunks(chunk: bytes, count: int, pause_seconds: float = 0) -> AsyncIterator[bytes]:
    """A body without an announced length."""
    for _ in range(count):
        yield chunk
        await asyncio.sleep(pause_seconds)


def timeouts(request: float = 10, fetch: float | None = None) -> dict[str, str]:
    """Settings for time limits in seconds, as variables."""
    fetch = request if fetch is None else fetch
    return {
        "GATEWAY_REQUEST_TIMEOUT_SECONDS": str(request),
        "GATEWAY_FETCH_TIMEOUT_SECONDS": str(fetch),
        "GATEWAY_FETCH_CONNECT_TIMEOUT_SECONDS": str(fetch),
    }


StartModel = Callable[..., Awaitable[int]]
StartRaw = Callable[[RawSource], Awaitable[str]]
StartGateway = Callable[..., Awaitable[Gateway]]
