"""Asks a gateway for the classes of one image after the other, patiently."""

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import aiohttp
import msgspec

from gateway.client.images import Image
from gateway.v1_messages import ProblemDocument, Result

RETRIED_STATUSES = (429, 503)
MAX_PAUSE_SECONDS = 60
FIRST_PAUSE_SECONDS = 1.0  # doubled for each further try, where the gateway says nothing
# Of the request as a whole: every other image would be refused as well.
FATAL_CODES = frozenset(("missing-api-key", "not-served"))


@dataclass(frozen=True, kw_only=True)
class CallOptions:
    """url: of the gateway, without a path. tries: how often one image is sent at most."""

    url: str
    api_key: str | None = None
    model: str | None = None
    top: int = 1
    label: str | None = None
    version: int | None = None
    profile: str | None = None
    softmax: bool = False
    tries: int = 6
    timeout_seconds: float = 60


@dataclass(frozen=True)
class Refusal:
    """Why an image has no classes: a code of docs/gateway-errors.md, or one of this client."""

    code: str
    detail: str


class GatewayRefuses(Exception):
    """No image can be classified this way; the text says why and what to do."""


class Caller:
    """Use as an async context manager; `classify` may be called concurrently."""

    def __init__(self, options: CallOptions) -> None:
        self._options = options
        model = f"models/{quote(options.model, safe='')}/" if options.model else ""
        self._endpoint = f"{options.url}/v1/{model}predict"

    async def __aenter__(self) -> Self:
        key = self._options.api_key
        self._session = aiohttp.ClientSession(
            headers={"X-API-Key": key} if key else {},
            timeout=aiohttp.ClientTimeout(total=self._options.timeout_seconds),
        )
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def classify(self, image: Image) -> Result | Refusal:
        """The gateway's answer; raises GatewayRefuses if it would refuse any image."""
        try:
            body = await _body_of(image)
        except OSError as error:
            return Refusal("unreadable-file", error.strerror or str(error))
        attempt = 1
        while True:
            answer = await self._try(body)
            if not isinstance(answer, _Passing):
                return answer
            if attempt == self._options.tries:
                return answer.refusal
            await asyncio.sleep(answer.pause_seconds(attempt))
            attempt += 1

    async def _try(self, body: dict[str, Any]) -> "Result | Refusal | _Passing":
        try:
            return await self._ask(body)
        except TimeoutError:
            return Refusal("timeout", f"no answer in {self._options.timeout_seconds:g} s")
        except (aiohttp.ClientError, OSError) as error:
            refusal = Refusal("unreachable", f"{self._options.url}: {error}")
            may_pass = isinstance(error, aiohttp.ClientConnectorError)
            return _Passing(refusal, None) if may_pass else refusal

    async def _ask(self, body: dict[str, Any]) -> "Result | Refusal | _Passing":
        async with self._session.post(self._endpoint, params=self._query(), **body) as response:
            content = await response.read()
            if response.status == 200:
                return msgspec.json.decode(content, type=Result)
            refusal = _refusal(content, response.status)
            if refusal.code in FATAL_CODES:
                raise GatewayRefuses(refusal.detail)
            if response.status in RETRIED_STATUSES:
                return _Passing(refusal, response.headers.get("Retry-After"))
            return refusal

    def _query(self) -> dict[str, str]:
        options = self._options
        given = {
            "top": options.top,
            "label": options.label,
            "version": options.version,
            "profile": options.profile,
            "softmax": "true" if options.softmax else None,
        }
        return {name: str(value) for name, value in given.items() if value is not None}


@dataclass(frozen=True)
class _Passing:
    """A refusal that may be over in a moment; retry_after: as the gateway said it."""

    refusal: Refusal
    retry_after: str | None

    def pause_seconds(self, attempt: int) -> float:
        """How long to wait after this attempt, counted from 1."""
        told = self.retry_after or ""
        pause = float(told) if told.isdecimal() else FIRST_PAUSE_SECONDS * 2 ** (attempt - 1)
        return min(pause, MAX_PAUSE_SECONDS)


async def _body_of(image: Image) -> dict[str, Any]:
    """The arguments of aiohttp that send it."""
    if image.file is None:
        return {"json": {"url": image.name}}
    data = await asyncio.to_thread(image.file.read_bytes)
    return {"data": data, "headers": {"Content-Type": "application/octet-stream"}}


def _refusal(content: bytes, status: int) -> Refusal:
    """What the problem document says; of whatever else answered, the status."""
    try:
        problem = msgspec.json.decode(content, type=ProblemDocument)
    except msgspec.DecodeError:
        return Refusal(f"http-{status}", "what answered is no gateway of this kind; check --url")
    return Refusal(problem.code, f"{problem.detail or problem.title}. {problem.action}")
