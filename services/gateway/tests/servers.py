"""The servers that tests start: image sources, model servers and the gateway itself."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import grpc
import uvicorn
from aiohttp import web
from gateway.joined_writes import JoinedWritesProtocol
from starlette.types import ASGIApp
from stub_model import StubModel
from tensorflow_serving.apis import get_model_status_pb2, prediction_service_pb2_grpc

WAIT_SECONDS = 10


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that must become true soon; raises TimeoutError if it doesn't."""
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.01)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@contextlib.asynccontextmanager
async def serve_model(model: StubModel, port: int = 0) -> AsyncIterator[int]:
    """A gRPC server with one model; yields its port."""
    server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(model, server)
    server.add_generic_rpc_handlers([_model_service(model)])
    bound_port = server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    try:
        yield bound_port
    finally:
        await server.stop(0)


def _model_service(model: StubModel) -> grpc.GenericRpcHandler:
    """ModelService, whose official servicer the gateway has no use for."""
    get_status = grpc.unary_unary_rpc_method_handler(
        model.GetModelStatus,
        request_deserializer=get_model_status_pb2.GetModelStatusRequest.FromString,
        response_serializer=get_model_status_pb2.GetModelStatusResponse.SerializeToString,
    )
    return grpc.method_handlers_generic_handler(
        "tensorflow.serving.ModelService", {"GetModelStatus": get_status}
    )


@contextlib.asynccontextmanager
async def serve_app(app: ASGIApp) -> AsyncIterator[str]:
    """The gateway's application on the server that it runs on; yields its URL."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, http=JoinedWritesProtocol, ws="none", lifespan="on", access_log=False, log_config=None
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))

    async def has_started() -> bool:
        return server.started

    await until(has_started)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@contextlib.asynccontextmanager
async def serve_images(
    routes: Mapping[str, Callable[[web.Request], Awaitable[web.StreamResponse]]],
) -> AsyncIterator[str]:
    """An ordinary web server, which answers every method; yields its URL."""
    app = web.Application()
    app.add_routes([web.route("*", path, handler) for path, handler in routes.items()])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


class RawSource:
    """A web server that sends exactly the bytes it is told to, whatever is asked."""

    def __init__(self, *parts: bytes, pause_seconds: float = 0, then_hang: bool = False) -> None:
        self._parts = parts
        self._pause_seconds = pause_seconds
        self._then_hang = then_hang
        self.bytes_sent = 0
        self.hung_up = asyncio.Event()
        self.requests: list[bytes] = []

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, closed after the answer."""
        with contextlib.suppress(ConnectionError):
            self.requests.append(await reader.readuntil(b"\r\n\r\n"))
            for part in self._parts:
                writer.write(part)
                await writer.drain()
                self.bytes_sent += len(part)
                await asyncio.sleep(self._pause_seconds)
            if self._then_hang:
                await reader.read()
        self.hung_up.set()
        writer.close()

    async def until_asked(self, times: int) -> None:
        """Wait until that many requests have come."""

        async def has_been_asked() -> bool:
            return len(self.requests) >= times

        await until(has_been_asked)


@contextlib.asynccontextmanager
async def serve_raw(source: RawSource) -> AsyncIterator[str]:
    """A server of `RawSource`; yields its URL."""
    server = await asyncio.start_server(source.answer, "127.0.0.1", 0)
    try:
        host, port = server.sockets[0].getsockname()[:2]
        yield f"http://{host}:{port}/image"
    finally:
        server.close()
