"""Serves the files of a folder from memory over HTTP: python -m peers.source FOLDER.

Prints its port. As little work as a web server can do, for its time is taken from the gateways'.
"""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import uvloop

from peers.lines import answer

HEAD_END = b"\r\n\r\n"
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class Source(asyncio.Protocol):
    """One connection; kept unless the client says that it isn't going to use it again."""

    def __init__(self, answers: Mapping[bytes, bytes]) -> None:
        self._answers = answers
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance

    def data_received(self, data: bytes) -> None:
        """Answer each request whose head is there; requests have no body."""
        self._received += data
        while HEAD_END in self._received:
            head, _, self._received = self._received.partition(HEAD_END)
            self._transport.write(self._answers.get(head.split(b" ", 2)[1], NOT_FOUND))
            if b"connection: close" in head.lower():
                self._transport.close()


async def serve(answers: Mapping[bytes, bytes]) -> None:
    """Until killed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Source(answers), "127.0.0.1", 0)
    answer(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def answers_of(folder: Path) -> Mapping[bytes, bytes]:
    """The whole answer for each path."""
    return {f"/{file.name}".encode(): _as_answer(file) for file in folder.iterdir()}


def _as_answer(file: Path) -> bytes:
    content = file.read_bytes()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: image/*\r\nContent-Length: {len(content)}"
    return head.encode() + HEAD_END + content


if __name__ == "__main__":
    uvloop.run(serve(answers_of(Path(sys.argv[1]))))
