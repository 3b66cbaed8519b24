"""What callers send: a URL in JSON, or an image; and how they are told of their mistakes."""

import asyncio

import pytest
from harness import Gateway, StartGateway, StartModel, in_chunks, timeouts
from stub_model import StubModel


class TestRequestErrors:
    """A request that can't be understood is told what to send instead, as JSON."""

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"[]", b'"url"', b"{}", b'{"url": 5}', b"\xff", b"[" * 20_000]
    )
    async def test_body_is_no_json_with_a_url(self, gateway: Gateway, body: bytes) -> None:
        answer = await gateway.post(data=body, headers={"Content-Type": "application/json"})
        assert (answer.status, answer.json["code"]) == (400, "malformed-request")
        assert '{"url": "https://..."}' in answer.json["detail"]

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "picture.png",
            "file:///etc/passwd",
            "ftp://example.com/a.png",
            "http://",
            "http://[::1/",
            "http://a..b/",
            "http://example.com:99999/",
            "http://user:password@example.com/",
            "http://user@example.com/",
        ],
    )
    async def test_url_can_not_be_used(self, gateway: Gateway, url: str) -> None:
        answer = await gateway.post(json={"url": url})
        assert answer.status == 400
        assert "URL" in answer.json["detail"]

    async def test_content_type_is_neither(self, gateway: Gateway) -> None:
        answer = await gateway.post(data=b"x", headers={"Content-Type": "text/plain"})
        assert answer.status == 415
        assert "application/json" in answer.json["detail"]

    async def test_json_body_too_large(self, gateway: Gateway) -> None:
        answer = await gateway.post(json={"url": "http://example.com/" + "x" * 70_000})
        assert answer.status == 413

    async def test_unknown_path_and_method(self, gateway: Gateway) -> None:
        nowhere = await gateway.get("/nowhere")
        assert (nowhere.status, nowhere.json["code"]) == (404, "not-found")
        wrong_method = await gateway.get("/predict")
        assert (wrong_method.status, wrong_method.json["code"]) == (405, "method-not-allowed")
        assert wrong_method.headers["Allow"] == "POST"

    async def test_body_too_large_with_and_without_announcement(
        self, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        port = await start_model(StubModel())
        gateway = await start_gateway(port, GATEWAY_MAX_IMAGE_BYTES="1000")
        announced = await gateway.post_image(b"x" * 1001)
        chunked = await gateway.post_image(in_chunks(b"x" * 500, 3))
        assert (announced.status, chunked.status) == (413, 413)
        assert "1000 bytes" in announced.json["detail"]

    @pytest.mark.parametrize("length", ["x", "-5", "5, 6", "9" * 30])
    async def test_announced_length_is_no_length(self, gateway: Gateway, length: str) -> None:
        host, port = gateway.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
        writer.write(f"{head}Content-Length: {length}\r\n\r\n".encode())
        assert b" 400 " in await reader.readline()
        writer.close()

    async def test_body_arrives_too_slowly(
        self, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        port = await start_model(StubModel())
        gateway = await start_gateway(port, **timeouts(request=0.2))
        answer = await gateway.post_image(in_chunks(b"x", 10, pause_seconds=0.1))
        assert answer.status == 408
