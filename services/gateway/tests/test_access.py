"""One line in the log for each request, that keeps what is private private."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from gateway.logs import JsonFormatter
from harness import Gateway, ImageSource, StartGateway, StartModel
from pictures import plain
from servers import until
from stub_model import StubModel


class Lines:
    """What the gateway has logged since the test began."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        """All of it."""
        return self.stream.getvalue()

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The access log."""
        entries = map(json.loads, self.text.splitlines())
        return [entry for entry in entries if entry["message"] == "request"]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Logs as the process writes them."""
    lines = Lines()
    handler = logging.StreamHandler(lines.stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


class TestAccessLog:
    """One line per request: who asked what, how it ended, how long it took."""

    async def test_answered(self, lines: Lines, gateway: Gateway) -> None:
        await gateway.post_image(plain())
        (entry,) = requests_for("/predict", lines)
        assert entry.pop("time").endswith("+00:00")
        assert entry.pop("duration_ms") > 0
        assert len(entry.pop("request_id")) == 32
        assert entry == {
            "level": "info",
            "message": "request",
            "method": "POST",
            "path": "/predict",
            "status": 200,
            "model": "colors/1",
        }

    async def test_refused(self, lines: Lines, gateway: Gateway) -> None:
        await gateway.post_image(b"x")
        (entry,) = requests_for("/predict", lines)
        assert (entry["status"], entry["error"]) == (415, "UnsupportedImage")
        assert "no image" in entry["reason"]

    async def test_images_that_failed_in_a_batch(self, lines: Lines, gateway: Gateway) -> None:
        await gateway.post("/v1/predict", json={"urls": ["ftp://private", "ftp://private"]})
        (entry,) = requests_for("/v1/predict", lines)
        assert (entry["status"], entry["failed_images"]) == (200, 2)
        assert "private" not in lines.text

    async def test_words_of_the_model_server(
        self, lines: Lines, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        model = StubModel()
        gateway = await start_gateway(await start_model(model))
        model.failures = [grpc.StatusCode.INTERNAL]
        await gateway.post_image(plain())
        (entry,) = requests_for("/predict", lines)
        assert entry["error"] == "ModelFailed"
        assert "inner words of 10.1.2.3" in entry["cause"]

    async def test_caller_goes_away_before_its_body_is_sent(
        self, lines: Lines, gateway: Gateway
    ) -> None:
        host, port = gateway.url.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        head = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
        writer.write(f"{head}Content-Length: 100\r\n\r\nsome".encode())
        await writer.drain()
        writer.close()

        async def is_logged() -> bool:
            return bool(requests_for("/predict", lines))

        await until(is_logged)
        assert requests_for("/predict", lines)[0]["status"] == 499
        assert "exception" not in lines.text

    async def test_client_is_named_and_its_key_is_not(
        self, lines: Lines, start_model: StartModel, start_gateway: StartGateway, tmp_path: Path
    ) -> None:
        (tmp_path / "shop").write_text("s3cret")
        gateway = await start_gateway(
            await start_model(StubModel()),
            GATEWAY_REQUIRE_API_KEY="true",
            GATEWAY_API_KEYS_DIR=str(tmp_path),
        )
        await gateway.post_image(plain(), headers={"X-API-Key": "s3cret"})
        (entry,) = requests_for("/predict", lines)
        assert entry["client"] == "shop"
        assert "s3cret" not in lines.text

    async def test_queries_are_not_logged(
        self, lines: Lines, gateway: Gateway, source: ImageSource
    ) -> None:
        await gateway.post("/predict?q=private", json={"url": f"{source.url}/status/404?private"})
        await gateway.post(json={"url": "http://[private/?private"})
        assert len(requests_for("/predict", lines)) == 2
        assert "private" not in lines.text

    async def test_probes_are_logged_only_when_they_fail(
        self, lines: Lines, start_gateway: StartGateway
    ) -> None:
        gateway = await start_gateway(1, ready=False)
        await gateway.get("/healthz")
        await gateway.get("/readyz")
        assert requests_for("/healthz", lines) == []
        assert len(requests_for("/readyz", lines)) == 1


def requests_for(path: str, lines: Lines) -> list[dict[str, Any]]:
    """The access log of one path."""
    return [entry for entry in lines.requests if entry["path"] == path]
