"""The process that decodes images: `python -m gateway.decode_worker <max memory bytes>`.

Standard input is a socket to the gateway. The worker takes one job at a time and ends with the
socket. It has no network, opens no file and holds no key: what an image may break is this process.
"""

import contextlib
import os
import resource
import signal
import socket
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

from gateway.decode_image import decode_image
from gateway.decode_protocol import (
    JOB_HEADER,
    READY,
    Pieces,
    pack_error,
    pack_image,
    pack_reply,
    unpack_options,
)
from gateway.errors import ImageError
from gateway.image_input import DecodedImage, DecodeOptions, ImageInput

SOCKET_DESCRIPTOR = 0
OOM_SCORE_ADJUSTMENT = Path("/proc/self/oom_score_adj")
LESS_URGENT = 5  # nice(2); a third of the time of a process that is not


Decode = Callable[[bytes, ImageInput, DecodeOptions], DecodedImage]


def main(decode: Decode = decode_image) -> None:
    """Decode until the gateway closes the socket."""
    gateway = socket.socket(fileno=SOCKET_DESCRIPTOR)
    # A Ctrl-C reaches the whole group; the gateway finishes its requests first.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")  # of odd metadata, which nobody would read
    limit_process(max_memory_bytes=int(sys.argv[1]))
    _send(gateway, pack_reply(READY))
    while reply := _answer(gateway, decode):
        _send(gateway, reply)


def limit_process(*, max_memory_bytes: int) -> None:
    """Never more memory, no core dump, no further file or socket, no file that grows.

    Within its container the gateway goes first: there is always an image to decode, and what was
    decoded, a new request or a probe would wait for it.
    """
    os.nice(LESS_URGENT)
    # Where the kernel has to end a process, it is this one and not the gateway.
    with contextlib.suppress(OSError):  # not every sandbox lets a process say so
        OOM_SCORE_ADJUSTMENT.write_text("1000")
    # Private writable memory; RLIMIT_AS would count libraries and reserves as well.
    resource.setrlimit(resource.RLIMIT_DATA, (max_memory_bytes, max_memory_bytes))
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
        resource.setrlimit(kind, (0, 0))


def _send(gateway: socket.socket, pieces: Pieces) -> None:
    """All of it, as a rule by one call."""
    sent = gateway.sendmsg(pieces)
    if sent < sum(map(len, pieces)):
        gateway.sendall(b"".join(pieces)[sent:])


def _answer(gateway: socket.socket, decode: Decode) -> Pieces | None:
    """The reply to the next job; None when there is none."""
    header = _receive(gateway, JOB_HEADER.size)
    if len(header) < JOB_HEADER.size:
        return None
    options_bytes, data_bytes = JOB_HEADER.unpack(header)
    target, options = unpack_options(_receive(gateway, options_bytes))
    try:
        return pack_image(decode(_receive(gateway, data_bytes), target, options))
    except ImageError as error:
        return pack_error(error)


def _receive(gateway: socket.socket, length: int) -> bytes:
    """So many bytes, by one call; fewer only when the gateway has closed the socket."""
    return gateway.recv(length, socket.MSG_WAITALL)


if __name__ == "__main__":
    main()
