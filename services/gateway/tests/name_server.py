"""A name server that knows one name, once it is told."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator

TYPE_A = 1
HEADER_BYTES = 12


class NameServer(asyncio.DatagramProtocol):
    """Answers each question for an IPv4 address with 127.0.0.1, or that there is no such name."""

    def __init__(self) -> None:
        self.knows_the_name = False
        self.questions = 0

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        """Called by asyncio."""
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Called by asyncio; the question is echoed in front of its answer (RFC 1035 §4)."""
        self.questions += 1
        end_of_name = data.index(b"\0", HEADER_BYTES) + 1
        question = data[HEADER_BYTES : end_of_name + 4]
        (question_type,) = struct.unpack_from(">H", data, end_of_name)
        answer = b""
        if self.knows_the_name and question_type == TYPE_A:
            answer = struct.pack(">HHHIH", 0xC00C, TYPE_A, 1, 1, 4) + bytes([127, 0, 0, 1])
        flags = 0x8400 if self.knows_the_name else 0x8403
        counts = (1, 1 if answer else 0, 0, 0)
        header = data[:2] + struct.pack(">HHHHH", flags, *counts)
        self._transport.sendto(header + question + answer, addr)


@contextlib.asynccontextmanager
async def serve_names() -> AsyncIterator[tuple[NameServer, str]]:
    """Start a name server; yields it and its address, as host:port."""
    transport, server = await asyncio.get_running_loop().create_datagram_endpoint(
        NameServer, local_addr=("127.0.0.1", 0)
    )
    try:
        host, port = transport.get_extra_info("sockname")
        yield server, f"{host}:{port}"
    finally:
        transport.close()
