"""The process protocol between engine and plugin.

The engine starts the program with its own address as last argument, reads the port from the first
line of standard output, and ends it with SIGINT. An engine that is killed can't do so: then the
plugin sees its parent change and goes by itself.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent import futures
from dataclasses import dataclass
from typing import Any, Final

import grpc
import grpc.aio
from pulumi.runtime.proto import provider_pb2_grpc

# Each awaited resource keeps a thread; more than the engine's default parallelism on big machines.
_MAX_CALLS: Final = 256
# The engine's own limit for messages (sdk/go/common/util/rpcutil).
MAX_MESSAGE_BYTES: Final = 400 * 1024 * 1024
_ADDRESS: Final = "127.0.0.1:0"
_PARENT_CHECK_SECONDS: Final = 1.0
# The engine kills a plugin 5 s after its SIGINT; a cancelled wait needs far less to save its state.
_GRACE_SECONDS: Final = 3.0
_USAGE: Final = """\
usage: python -m local.plugins.{module} [FLAGS] ENGINE_ADDRESS

Stand-in for pulumi-resource-{name}. Started by the Pulumi engine, not by hand."""

_OPTIONS: Final = [
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
]

MakeProvider = Callable[[str, threading.Event], Any]


@dataclass(frozen=True)
class Serving:
    """A server that runs: its port, and how to stop it."""

    port: int
    stop: Callable[[], None]


def serve(
    arguments: list[str],
    name: str,
    make_provider: MakeProvider,
    start: Callable[[Any], Serving] | None = None,
) -> int:
    """Serves the engine until it sends SIGINT or SIGTERM, or dies; returns the exit code.

    `make_provider` is given the engine's address, and an event that is set once the run is
    cancelled; it returns a gRPC servicer. `start` serves it: in threads by default, or in an event
    loop (`in_event_loop`).
    """
    if not arguments or arguments[-1].startswith("-"):
        asked = arguments[-1:] in (["-h"], ["--help"])
        usage = _USAGE.format(module=name.replace("-", "_"), name=name)
        print(usage, file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    engine = os.getppid()  # first of all: killed while we start, it would be another one later
    cancelled, stop = threading.Event(), threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    serving = (start or in_threads)(make_provider(arguments[-1], cancelled))
    print(serving.port, flush=True)
    while not stop.wait(_PARENT_CHECK_SECONDS) and os.getppid() == engine:
        pass
    cancelled.set()
    serving.stop()
    return 0


def in_threads(provider: Any) -> Serving:
    """A servicer of plain methods."""
    server = grpc.server(futures.ThreadPoolExecutor(_MAX_CALLS), options=_OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port(_ADDRESS)
    server.start()

    def stop() -> None:
        server.stop(_GRACE_SECONDS).wait()

    return Serving(port, stop)


def in_event_loop(provider: Any) -> Serving:
    """A servicer of coroutines, such as the SDK's own for components, in a thread of its own."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()

    async def start() -> tuple[grpc.aio.Server, int]:
        server = grpc.aio.server(options=_OPTIONS)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
        port = server.add_insecure_port(_ADDRESS)
        await server.start()
        return server, port

    server, port = asyncio.run_coroutine_threadsafe(start(), loop).result()

    def stop() -> None:
        asyncio.run_coroutine_threadsafe(server.stop(_GRACE_SECONDS), loop).result()
        loop.call_soon_threadsafe(loop.stop)

    return Serving(port, stop)
