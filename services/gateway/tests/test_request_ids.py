"""Each request has an id, which the caller is told and may choose."""

import contextlib

import aiohttp
import pytest
from gateway.request_ids import RequestIds, current_request_id
from harness import Gateway
from pictures import plain
from servers import serve_app
from starlette.types import Receive, Scope, Send


class TestRequestId:
    """It goes back in X-Request-ID, with errors as well."""

    async def test_made_for_each_request(self, gateway: Gateway) -> None:
        ids = {(await gateway.post_image(plain())).headers["X-Request-ID"] for _ in range(3)}
        assert len(ids) == 3

    async def test_taken_from_the_caller(self, gateway: Gateway) -> None:
        answer = await gateway.post_image(b"", headers={"X-Request-ID": "order-7.a_b"})
        assert (answer.status, answer.headers["X-Request-ID"]) == (415, "order-7.a_b")

    @pytest.mark.parametrize("given", ["", "a b", "x" * 65, '{"a":1}'])
    async def test_what_may_not_be_logged_is_replaced(self, gateway: Gateway, given: str) -> None:
        answer = await gateway.post_image(plain(), headers={"X-Request-ID": given})
        assert len(answer.headers["X-Request-ID"]) == 32

    async def test_of_what_is_not_found(self, gateway: Gateway) -> None:
        assert "X-Request-ID" in (await gateway.get("/nowhere")).headers

    async def test_known_wherever_the_request_is_worked_on(
        self, stack: contextlib.AsyncExitStack
    ) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                body = (current_request_id.get() or "").encode()
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": body})

        url = await stack.enter_async_context(serve_app(RequestIds(app)))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        async with session.get(url, headers={"X-Request-ID": "seven"}) as response:
            assert await response.text() == "seven"
