"""Fixtures that start real servers and stop them after the test."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest
import uvloop
from aiohttp import web
from gateway.assembly import assemble
from gateway.settings import Settings
from harness import Gateway, ImageSource, StartGateway, StartModel, StartRaw
from pictures import plain
from servers import RawSource, serve_app, serve_images, serve_model, serve_raw
from stub_model import StubModel


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Tests run on the event loop that the gateway runs on."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture
async def stack() -> AsyncIterator[contextlib.AsyncExitStack]:
    """Whatever is entered here is left after the test, last first."""
    async with contextlib.AsyncExitStack() as stack:
        yield stack


@pytest.fixture
def start_model(stack: contextlib.AsyncExitStack) -> StartModel:
    """Starts a model server; returns its port."""

    async def start(model: StubModel, port: int = 0) -> int:
        return await stack.enter_async_context(serve_model(model, port))

    return start


@pytest.fixture
def start_raw(stack: contextlib.AsyncExitStack) -> StartRaw:
    """Starts a source that sends exact bytes; returns its URL."""

    async def start(source: RawSource) -> str:
        return await stack.enter_async_context(serve_raw(source))

    return start


@pytest.fixture
async def source(stack: contextlib.AsyncExitStack) -> ImageSource:
    """`/image` answers an image, `/status/N` status N, `/to?url=U` redirects to U."""
    source = ImageSource(url="", image=plain(), requests=[])

    async def image(request: web.Request) -> web.Response:
        source.requests.append(request)
        return web.Response(body=source.image, content_type="image/png")

    async def status(request: web.Request) -> web.Response:
        return web.Response(status=int(request.match_info["status"]))

    async def redirect(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": request.query["url"]})

    routes = {"/image": image, "/status/{status}": status, "/to": redirect}
    source.url = await stack.enter_async_context(serve_images(routes))
    return source


@pytest.fixture
def start_gateway(stack: contextlib.AsyncExitStack) -> StartGateway:
    """Starts a gateway for the models at some ports, with further settings by variable."""

    async def start(*model_ports: int, ready: bool = True, **variables: str) -> Gateway:
        addresses = ",".join(f"127.0.0.1:{port}" for port in model_ports)
        environment = {
            "GATEWAY_MODEL_TARGET": f"ipv4:{addresses}",
            "GATEWAY_MODEL_NAME": "colors",
            "GATEWAY_FETCH_ALLOWED_NETWORKS": "127.0.0.0/8",
        }
        app = assemble(Settings.from_environment(environment | variables))
        url = await stack.enter_async_context(serve_app(app))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        gateway = Gateway(url, session)
        if ready:
            await gateway.until_ready()
        return gateway

    return start


@pytest.fixture
async def gateway(start_model: StartModel, start_gateway: StartGateway) -> Gateway:
    """A gateway with one model server of the ordinary kind."""
    return await start_gateway(await start_model(StubModel()))
