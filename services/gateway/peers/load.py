"""Clients that ask a gateway: python -m peers.load.

For each line of standard input so many clients ask at the same time, each as soon as it has its
last answer, and a line tells how it went (see `Load` and `Result`).
"""

import asyncio
import itertools
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import uvloop

from peers.lines import answer, questions

HEAD_END = b"\r\n\r\n"
A_CLASS = b'"dress"'  # of the model's, in each answer that is right
OK = "200"
BROKEN_CONNECTION = "broken connection"


@dataclass(frozen=True, kw_only=True)
class Load:
    """Requests for these URLs in turn: for so many seconds, or so many of them."""

    port: int
    urls: list[str]
    clients: int
    seconds: float | None = None
    requests: int | None = None


@dataclass(kw_only=True)
class Result:
    """`seconds` until the last answer: those on their way when the time is over are awaited.

    They count, too: until they are answered the gateway has all the work that it can do.
    """

    seconds: float = 0.0
    latencies_seconds: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)  # by status


class Connection(asyncio.Protocol):
    """HTTP/1.1 as far as gateways answer it: with a Content-Length."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._answer: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way there."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance

    def data_received(self, data: bytes) -> None:
        """Hand the answer over once it is whole."""
        self._received += data
        head_bytes = self._received.find(HEAD_END)
        if head_bytes < 0 or self._answer is None:
            return
        head = bytes(self._received[:head_bytes]).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(self._received) >= head_bytes + len(HEAD_END) + length:
            self._answer.set_result(bytes(self._received))
            self._answer = None

    def connection_lost(self, error: Exception | None) -> None:
        """Whoever waits, waits in vain."""
        if self._answer:
            self._answer.set_exception(ConnectionError())

    async def ask(self, request: bytes) -> bytes:
        """The whole answer; raises ConnectionError."""
        self._received.clear()
        self._answer = asyncio.get_running_loop().create_future()
        answered = self._answer
        self._transport.write(request)
        return await answered

    def is_closing(self) -> bool:
        """Whether it can't be used again."""
        return self._transport.is_closing()

    def close(self) -> None:
        """Say goodbye."""
        self._transport.close()


class Client:
    """One caller, with a connection that it keeps as long as the gateway does."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection: Connection | None = None

    async def ask(self, request: bytes) -> str:
        """What came of a request: a status, or what was wrong with the answer."""
        try:
            connection = self._connection or await self._connect()
            answered = await connection.ask(request)
        except OSError:
            self._connection = None
            return BROKEN_CONNECTION
        head, _, body = answered.partition(HEAD_END)
        self._connection = connection
        if b"connection: close" in head.lower() or connection.is_closing():
            connection.close()
            self._connection = None
        status = head[9:12].decode()
        return "wrong answer" if status == OK and A_CLASS not in body else status

    def leave(self) -> None:
        """Close the connection, if there is one."""
        if self._connection:
            self._connection.close()

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(Connection, "127.0.0.1", self._port)
        return connection


async def send(load: Load) -> Result:
    """All of a load; returns when every request is answered."""
    result = Result()
    requests = itertools.islice(itertools.cycle(map(_request, load.urls)), load.requests)
    started = time.perf_counter()
    end = started + load.seconds if load.seconds else None
    await asyncio.gather(*(_call(load.port, requests, end, result) for _ in range(load.clients)))
    result.seconds = time.perf_counter() - started
    return result


async def _call(port: int, requests: Iterator[bytes], end: float | None, result: Result) -> None:
    """One client, until the time or the requests are over."""
    client = Client(port)
    for request in requests:
        started = time.perf_counter()
        if end is not None and started >= end:
            break
        outcome = await client.ask(request)
        result.outcomes[outcome] += 1
        result.latencies_seconds.append(time.perf_counter() - started)
    client.leave()


def _request(url: str) -> bytes:
    body = json.dumps({"url": url}).encode()
    head = (
        "POST /predict HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}"
    )
    return head.encode() + HEAD_END + body


def main() -> None:
    """Send what is asked for."""
    answer("ready")
    for question in questions():
        answer(vars(uvloop.run(send(Load(**question)))))


if __name__ == "__main__":
    main()
