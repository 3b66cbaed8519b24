"""The gateway's side of one decoding worker."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np

from gateway.decode_protocol import ERRORS, MAX_TEXT_BYTES, PIXELS, READY, REPLY_HEADER, pack_job
from gateway.image_input import DecodedImage, DecodeOptions, ImageInput

START_TIMEOUT_SECONDS = 30.0
# What the worker inherits of the environment: nothing that it doesn't need.
INHERITED = ("PATH", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_")
# As much as the system grants: what fits in takes one turn in the place of several.
SOCKET_BUFFER_BYTES = 2**20
MOST_PIECES = 1024  # in one call (IOV_MAX, sysconf(3))
WORKER_MODULE = "gateway.decode_worker"
PACKAGE_PARENT = Path(__file__).parents[1]


class WorkerLost(Exception):
    """The worker ended, or answered nonsense."""


class _Reply:
    """One that is on its way; it has a kind and a length, or else it is an error's text."""

    def __init__(self, kind: int, content_bytes: int) -> None:
        self.image: asyncio.Future[DecodedImage] = asyncio.get_running_loop().create_future()
        self._kind = kind
        self._content_bytes = content_bytes
        most_bytes = REPLY_HEADER.size + max(content_bytes, MAX_TEXT_BYTES)
        # Not a bytearray, which would be filled with zeros first.
        self._buffer = np.empty(most_bytes, np.uint8).data
        self._filled = 0

    def space(self) -> memoryview:
        """Where the next bytes belong; none once it is settled."""
        return self._buffer[:0] if self.image.done() else self._buffer[self._filled :]

    def grow(self, received: int) -> None:
        """Take so many bytes more; the last ones settle `image`."""
        self._filled += received
        if self._filled < REPLY_HEADER.size:
            return
        kind, source_pixels, length = REPLY_HEADER.unpack_from(self._buffer)
        end = REPLY_HEADER.size + length
        is_expected = kind == self._kind and length == self._content_bytes
        is_error = kind in ERRORS and length <= MAX_TEXT_BYTES
        content = self._buffer[REPLY_HEADER.size : end]
        if not (is_expected or is_error) or self._filled > end:
            self.image.set_exception(WorkerLost("answered nonsense"))
        elif self._filled < end:
            return
        elif is_error:
            self.image.set_exception(ERRORS[kind](str(content, errors="replace")))
        else:
            self.image.set_result(DecodedImage(content, source_pixels))


class DecodeProcess:
    """A running worker. Whoever calls `decode` waits for it before the next call."""

    def __init__(self, process: subprocess.Popen[bytes], connection: socket.socket) -> None:
        self._process = process
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._reply = _Reply(READY, 0)
        self._has_closed = False
        # Once for all replies: to wait for each anew would tell the kernel twice every time.
        self._loop.add_reader(connection, self._receive)

    @classmethod
    async def start(cls, *, max_memory_bytes: int, module: str = WORKER_MODULE) -> Self:
        """Start a worker, `python -m module`; raises WorkerLost if it doesn't come up."""
        worker = cls(*_spawn(module, max_memory_bytes))
        try:
            async with asyncio.timeout(START_TIMEOUT_SECONDS):
                await worker._reply.image
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
        return not self._has_closed and self._process.poll() is None

    async def decode(
        self, file: Sequence[bytes], target: ImageInput, options: DecodeOptions
    ) -> DecodedImage:
        """The image, brought to the target's size; raises ImageError or WorkerLost.

        After WorkerLost, or when cancelled, the worker is of no use and must be killed.
        """
        if self._has_closed:
            raise WorkerLost(self._last_words())
        self._reply = _Reply(PIXELS, target.byte_count)
        with contextlib.suppress(OSError):  # of a worker that ends; the reply says so
            await self._send([pack_job(sum(map(len, file)), target, options), *file])
        return await self._reply.image

    def kill(self) -> None:
        """End the process, now."""
        self._loop.remove_reader(self._connection)
        self._connection.close()
        self._process.kill()
        self._process.wait()

    async def _send(self, pieces: Sequence[bytes]) -> None:
        """At once as far as the socket takes it, so that the worker wakes up once for all."""
        sent = 0
        with contextlib.suppress(BlockingIOError):
            sent = self._connection.sendmsg(pieces[:MOST_PIECES])
        for piece in pieces:
            if sent < len(piece):
                await self._loop.sock_sendall(self._connection, memoryview(piece)[sent:])
            sent = max(0, sent - len(piece))

    def _receive(self) -> None:
        """Called whenever there is something to read, or never anything again."""
        reply = self._reply
        try:
            # What comes unasked finds no space, and counts as the end of a worker out of its mind.
            received = self._connection.recv_into(reply.space())
        except BlockingIOError:
            return
        except OSError:
            received = 0
        if received:
            reply.grow(received)
            return
        self._has_closed = True
        self._loop.remove_reader(self._connection)
        if not reply.image.done():
            reply.image.set_exception(WorkerLost(self._last_words()))

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
