"""The gateway's side of one decoding worker."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Self

from gateway.decode_protocol import ERRORS, MAX_TEXT_BYTES, PIXELS, READY, REPLY_HEADER, pack_job
from gateway.image_input import DecodedImage, DecodeOptions, ImageInput

START_TIMEOUT_SECONDS = 30.0
# What the worker inherits of the environment: nothing that it doesn't need.
INHERITED = ("PATH", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_")
# As much as the system grants: what fits in takes one turn in the place of several.
SOCKET_BUFFER_BYTES = 2**20
WORKER_MODULE = "gateway.decode_worker"
PACKAGE_PARENT = Path(__file__).parents[1]


class WorkerLost(Exception):
    """The worker ended, or answered nonsense."""


class DecodeProcess:
    """A running worker. Whoever calls `decode` waits for it before the next call."""

    def __init__(self, process: subprocess.Popen[bytes], connection: socket.socket) -> None:
        self._process = process
        self._connection = connection

    @classmethod
    async def start(cls, *, max_memory_bytes: int, module: str = WORKER_MODULE) -> Self:
        """Start a worker, `python -m module`; raises WorkerLost if it doesn't come up."""
        worker = cls(*_spawn(module, max_memory_bytes))
        try:
            async with asyncio.timeout(START_TIMEOUT_SECONDS):
                await worker._read_reply(READY, 0)
        except TimeoutError as error:
            worker.kill()
            raise WorkerLost("did not start in time") from error
        except BaseException:
            worker.kill()
            raise
        return worker

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    async def decode(self, data: bytes, target: ImageInput, options: DecodeOptions) -> DecodedImage:
        """The image, brought to the target's size; raises ImageError or WorkerLost.

        After WorkerLost, or when cancelled, the worker is of no use and must be killed.
        """
        try:
            await self._send(pack_job(data, target, options), data)
        except OSError as error:
            raise WorkerLost(self._last_words()) from error
        return await self._read_reply(PIXELS, target.byte_count)

    def kill(self) -> None:
        """End the process, now."""
        self._connection.close()
        self._process.kill()
        self._process.wait()

    async def _send(self, head: bytes, data: bytes) -> None:
        """At once as far as the socket takes it, so that the worker wakes up once for all."""
        sent = 0
        with contextlib.suppress(BlockingIOError):
            sent = self._connection.sendmsg([head, data])
        loop = asyncio.get_running_loop()
        if sent < len(head):
            await loop.sock_sendall(self._connection, head[sent:])
            sent = len(head)
        if sent < len(head) + len(data):
            await loop.sock_sendall(self._connection, memoryview(data)[sent - len(head) :])

    async def _read_reply(self, expected_kind: int, expected_bytes: int) -> DecodedImage:
        """A reply's content; raises the ImageError that it is, or WorkerLost if it is neither."""
        reply = memoryview(bytearray(REPLY_HEADER.size + max(expected_bytes, MAX_TEXT_BYTES)))
        filled = await self._read(reply, 0, REPLY_HEADER.size)
        kind, source_pixels, length = REPLY_HEADER.unpack_from(reply)
        is_expected = kind == expected_kind and length == expected_bytes
        is_error = kind in ERRORS and length <= MAX_TEXT_BYTES
        if not (is_expected or is_error):
            raise WorkerLost("answered nonsense")
        end = REPLY_HEADER.size + length
        if await self._read(reply, filled, end) > end:
            raise WorkerLost("answered nonsense")
        content = reply[REPLY_HEADER.size : end]
        if is_error:
            raise ERRORS[kind](str(content, errors="replace"))
        return DecodedImage(content, source_pixels)

    async def _read(self, buffer: memoryview, filled: int, end: int) -> int:
        """Go on filling a buffer, at least up to `end`; returns how far it is filled."""
        loop = asyncio.get_running_loop()
        while filled < end:
            try:
                received = await loop.sock_recv_into(self._connection, buffer[filled:])
            except OSError as error:
                raise WorkerLost(self._last_words()) from error
            if received == 0:
                raise WorkerLost(self._last_words())
            filled += received
        return filled

    def _last_words(self) -> str:
        """How the process ended; it has closed its socket, so it ends now if it hasn't."""
        self._process.kill()
        status = self._process.wait()
        if status < 0:
            return f"ended by {signal.Signals(-status).name}"
        return f"ended with status {status}"


def _spawn(module: str, max_memory_bytes: int) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """A worker's process and our end of its socket; raises WorkerLost."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    for each in (ours, theirs):
        each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER_BYTES)
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", module, str(max_memory_bytes)],
            stdin=theirs.fileno(),
            # Decoders print warnings, which are no log of ours.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**inherited, "PYTHONPATH": str(PACKAGE_PARENT)},
        )
    except OSError as error:
        ours.close()
        raise WorkerLost(f"can't be started: {error.strerror}") from error
    finally:
        theirs.close()
    return process, ours
