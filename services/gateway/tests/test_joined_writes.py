"""The head and the body of an answer leave together."""

import asyncio
from collections.abc import Iterable
from typing import Any, cast

import pytest
from gateway.joined_writes import JoinedWrites, JoinedWritesProtocol
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from uvicorn import Config
from uvicorn.server import ServerState

TURNS = 10  # of the event loop, enough for any answer


class Recorder(asyncio.Transport):
    """Notes what is sent by each write."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []
        self.has_closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """As one."""
        self.sent.append(bytes(data))

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        """All as one, as uvloop does."""
        self.sent.append(b"".join(list_of_data))

    def close(self) -> None:
        """Nothing is sent after this."""
        self.has_closed = True

    def is_closing(self) -> bool:
        """Whether it was closed, by either side."""
        return self.has_closed


@pytest.fixture
def recorder() -> Recorder:
    """A connection to nobody."""
    return Recorder()


@pytest.fixture
async def writes(recorder: Recorder) -> JoinedWrites:
    """What stands before it."""
    return JoinedWrites(recorder, asyncio.get_running_loop())


async def pass_turns() -> None:
    """Let everything happen that nobody has to be waited for."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


class TestWrites:
    """What is written in one turn is sent at its end."""

    async def test_pieces_of_one_turn(self, recorder: Recorder, writes: JoinedWrites) -> None:
        writes.write(b"head ")
        writes.write(b"body")
        await pass_turns()
        assert recorder.sent == [b"head body"]

    async def test_pieces_of_two_turns(self, recorder: Recorder, writes: JoinedWrites) -> None:
        writes.write(b"first")
        await pass_turns()
        writes.write(b"second")
        await pass_turns()
        assert recorder.sent == [b"first", b"second"]

    async def test_closing_comes_after(self, recorder: Recorder, writes: JoinedWrites) -> None:
        writes.write(b"last words")
        writes.close()
        assert (recorder.sent, recorder.has_closed) == ([b"last words"], True)

    async def test_caller_goes_meanwhile(self, recorder: Recorder, writes: JoinedWrites) -> None:
        writes.write(b"in vain")
        recorder.close()
        await pass_turns()
        assert recorder.sent == []


class TestAnswers:
    """uvicorn's protocol in front of it."""

    @pytest.fixture
    async def connection(self, recorder: Recorder) -> JoinedWritesProtocol:
        """To an application that answers with the body that it gets."""

        async def echo(scope: Any, receive: Any, send: Any) -> None:
            body = await Request(scope, receive).body()
            await PlainTextResponse(body)(scope, receive, send)

        config = Config(cast(Any, echo), log_config=None, lifespan="off", ws="none")
        connection = JoinedWritesProtocol(
            config, ServerState(), {}, _loop=asyncio.get_running_loop()
        )
        connection.connection_made(recorder)
        return connection

    async def test_head_and_body(
        self, recorder: Recorder, connection: JoinedWritesProtocol
    ) -> None:
        connection.data_received(b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello")
        await pass_turns()
        [answer] = recorder.sent
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert answer.endswith(b"\r\n\r\nhello")

    async def test_go_on_is_said_at_once(
        self, recorder: Recorder, connection: JoinedWritesProtocol
    ) -> None:
        connection.data_received(
            b"POST / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
        )
        await pass_turns()
        assert recorder.sent == [b"HTTP/1.1 100 Continue\r\n\r\n"]
