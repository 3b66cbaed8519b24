"""The HTTP interface, with a real server on each side of it."""

import asyncio
from pathlib import Path

import pytest
from harness import Gateway, ImageSource, StartGateway, StartModel, StartRaw, timeouts
from pictures import BLUE, GREEN, RED, plain
from servers import RawSource, free_port, serve_model
from stub_model import StubModel


class TestPredict:
    """An image by URL or as the body gets the score of every class, best first."""

    async def test_by_url(self, gateway: Gateway, source: ImageSource) -> None:
        source.image = plain(GREEN)
        answer = await gateway.post(json={"url": f"{source.url}/image"})
        assert answer.status == 200
        assert list(answer.json.items()) == [("green", 1.0), ("red", 0.0), ("blue", 0.0)]

    @pytest.mark.parametrize(
        "content_type", ["image/png", "image/jpeg", "application/octet-stream", "IMAGE/PNG; x=y"]
    )
    async def test_as_the_body(self, gateway: Gateway, content_type: str) -> None:
        answer = await gateway.post(data=plain(BLUE), headers={"Content-Type": content_type})
        assert answer.status == 200
        assert next(iter(answer.json)) == "blue"

    async def test_answers_flat_and_sorted(
        self, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        gateway = await start_gateway(await start_model(StubModel(scores=[-1.5, 9.25, 0.5])))
        answer = await gateway.post_image(plain())
        assert list(answer.json.items()) == [("green", 9.25), ("blue", 0.5), ("red", -1.5)]

    async def test_tells_model_and_time_of_each_stage(
        self, gateway: Gateway, source: ImageSource
    ) -> None:
        answer = await gateway.post(json={"url": f"{source.url}/image"})
        assert answer.headers["X-Model"] == "colors/1"
        stages = dict(part.split(";dur=") for part in answer.headers["Server-Timing"].split(", "))
        assert list(stages) == ["fetch", "decode", "predict"]
        assert all(float(milliseconds) > 0 for milliseconds in stages.values())

    async def test_without_fetch_there_is_no_time_of_it(self, gateway: Gateway) -> None:
        answer = await gateway.post_image(plain())
        assert answer.headers["Server-Timing"].startswith("decode;dur=")


class TestManyAtATime:
    """More than can be decoded: the model is asked for several by one call."""

    async def test_each_gets_its_own_answer(
        self, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        model = StubModel()
        gateway = await start_gateway(await start_model(model), GATEWAY_DECODE_WORKERS="1")
        colors = {"red": RED, "green": GREEN, "blue": BLUE}
        asked = list(colors) * 8
        answers = await asyncio.gather(*(gateway.post_image(plain(colors[c])) for c in asked))
        assert [next(iter(answer.json)) for answer in answers] == asked
        assert len(model.requests) < len(asked) / 2
        metrics = await gateway.get_text("/metrics")
        assert f"gateway_model_call_images_count {float(len(model.requests))}" in metrics
        assert f"gateway_model_call_images_sum {float(len(asked))}" in metrics

    async def test_each_by_itself(
        self, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        model = StubModel()
        gateway = await start_gateway(await start_model(model), GATEWAY_MODEL_BATCH_IMAGES="1")
        await asyncio.gather(*(gateway.post_image(plain()) for _ in range(8)))
        assert len(model.requests) == 8


class TestLimits:
    """Beyond its limit the gateway refuses at once, and recovers."""

    async def test_too_many_at_a_time(
        self, start_model: StartModel, start_gateway: StartGateway, start_raw: StartRaw
    ) -> None:
        gateway = await start_gateway(
            await start_model(StubModel()),
            GATEWAY_MAX_CONCURRENT_REQUESTS="2",
            **timeouts(fetch=0.4),
        )
        slow = RawSource(then_hang=True)
        url = await start_raw(slow)
        running = [asyncio.create_task(gateway.post(json={"url": url})) for _ in range(2)]
        await slow.until_asked(2)
        refused = await gateway.post_image(plain())
        assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
        assert [answer.status for answer in await asyncio.gather(*running)] == [504, 504]
        assert (await gateway.post_image(plain())).status == 200

    async def test_time_that_is_left_is_the_models_deadline(
        self, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        model = StubModel()
        gateway = await start_gateway(await start_model(model))
        await gateway.post_image(plain())
        # gRPC rounds up on the wire.
        assert 8 < model.seconds_left[0] < 10.5


class TestApiKeys:
    """Where keys are required, only requests with a current one are answered."""

    async def test_key_is_asked_for(
        self, start_model: StartModel, start_gateway: StartGateway, tmp_path: Path
    ) -> None:
        (tmp_path / "shop").write_text("s3cret\n")
        gateway = await start_gateway(await start_model(StubModel()), **key_settings(tmp_path))
        assert (await gateway.post_image(plain())).status == 401
        assert (await gateway.post_image(plain(), headers={"X-API-Key": "wrong"})).status == 401
        assert (await gateway.post_image(plain(), headers={"X-API-Key": "s3cret"})).status == 200

    async def test_keys_change_without_a_restart(
        self, start_model: StartModel, start_gateway: StartGateway, tmp_path: Path
    ) -> None:
        (tmp_path / "shop").write_text("old")
        gateway = await start_gateway(await start_model(StubModel()), **key_settings(tmp_path))
        (tmp_path / "shop").write_text("newer")
        assert (await gateway.post_image(plain(), headers={"X-API-Key": "old"})).status == 401
        assert (await gateway.post_image(plain(), headers={"X-API-Key": "newer"})).status == 200

    async def test_health_needs_no_key(
        self, start_model: StartModel, start_gateway: StartGateway, tmp_path: Path
    ) -> None:
        gateway = await start_gateway(await start_model(StubModel()), **key_settings(tmp_path))
        assert (await gateway.get("/healthz")).status == 200
        assert (await gateway.get("/readyz")).status == 200


class TestHealth:
    """The process is healthy at once; it is ready while the model can be asked."""

    async def test_follows_the_model(self, start_gateway: StartGateway) -> None:
        port = free_port()
        gateway = await start_gateway(port, ready=False)
        assert (await gateway.get("/healthz")).status == 200
        before = await gateway.get("/readyz")
        assert (before.status, before.json["detail"]) == (503, "no model server was reached yet")
        async with serve_model(StubModel(), port):
            await gateway.until_ready()
        await gateway.until_not_ready_because("no model server can be reached")
        assert (await gateway.get("/healthz")).status == 200

    async def test_says_what_is_wrong_with_the_model(
        self, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        port = await start_model(StubModel(describes_itself=False))
        gateway = await start_gateway(port, ready=False)
        await gateway.until_not_ready_because("GATEWAY_MODEL_LABELS is not set")
        assert (await gateway.post_image(plain())).status == 502


def key_settings(folder: Path) -> dict[str, str]:
    """Settings that require a key of a folder, as variables."""
    return {"GATEWAY_REQUIRE_API_KEY": "true", "GATEWAY_API_KEYS_DIR": str(folder)}
