"""Serves HTTP as uvicorn does, but sends the head and the body of an answer by one write.

uvicorn writes each by itself, and uvloop sends each at once: two packets, and whoever waits for the
answer wakes up twice.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class JoinedWritesProtocol(HttpToolsProtocol):
    """One connection; uvicorn takes it as its `http`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Stand between uvicorn and the connection."""
        super().connection_made(cast(asyncio.Transport, JoinedWrites(transport, self.loop)))


class JoinedWrites:
    """A transport that sends what was written in one turn of the event loop at its end.

    All else is done by the transport behind it. It counts what waits here only then, so this is for
    answers that are written in few pieces.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Send it, soon."""
        if not self._pieces:
            self._loop.call_soon(self._flush)
        self._pieces.append(data)

    def close(self) -> None:
        """Close the connection when all is sent."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        pieces, self._pieces = self._pieces, []
        if pieces and not self._transport.is_closing():  # or the caller has gone meanwhile
            self._transport.writelines(pieces)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
