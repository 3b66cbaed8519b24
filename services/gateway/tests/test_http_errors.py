"""What each kind of fault looks like to the caller."""

import asyncio
import contextlib
import os
import signal

import aiohttp
import grpc
import pytest
from gateway.app import Api, create_app
from gateway.canary import CanaryShare
from gateway.door import Door
from gateway.limits import ConcurrencyLimit, Deadline
from gateway.metrics import Metrics
from gateway.model_client import ModelClient
from gateway.model_description import OwnWords
from gateway.models import Models, Target
from gateway.predictor import Prediction, Predictor
from harness import Gateway, ImageSource, StartGateway, StartModel, StartRaw, timeouts
from pictures import as_file, plain
from PIL import Image
from processes import children_of
from servers import RawSource, serve_app, until
from stub_model import StubModel


class TestForm:
    """Every error is a problem document that says what happened and what to do."""

    async def test_members(self, gateway: Gateway) -> None:
        answer = await gateway.post_image(b"no image")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json == {
            "type": "/problems/unsupported-image",
            "title": "The image's format is not accepted",
            "status": 415,
            "detail": answer.json["detail"],
            "code": "unsupported-image",
            "action": "Convert the image to JPEG or PNG.",
        }

    async def test_type_leads_to_an_explanation(self, gateway: Gateway) -> None:
        problem = (await gateway.post_image(b"no image")).json
        explanation = await gateway.get(problem["type"])
        assert explanation.status == 200
        assert explanation.json == {
            key: problem[key] for key in ("type", "title", "status", "code", "action")
        }

    async def test_unknown_type(self, gateway: Gateway) -> None:
        assert (await gateway.get("/problems/nonsense")).json["code"] == "not-found"

    async def test_not_ready(self, start_gateway: StartGateway) -> None:
        answer = await (await start_gateway(1, ready=False)).get("/readyz")
        assert (answer.status, answer.json["code"]) == (503, "not-ready")
        assert answer.headers["Retry-After"] == "1"


class TestSourceErrors:
    """What goes wrong at the image's source is told apart from what the caller did."""

    @pytest.mark.parametrize(
        ("source_status", "status"), [(404, 422), (403, 422), (204, 422), (304, 422), (500, 502)]
    )
    async def test_source_answers_with_an_error(
        self, gateway: Gateway, source: ImageSource, source_status: int, status: int
    ) -> None:
        answer = await gateway.post(json={"url": f"{source.url}/status/{source_status}"})
        assert (answer.status, answer.json["source_status"]) == (status, source_status)

    async def test_nobody_listens(self, gateway: Gateway) -> None:
        answer = await gateway.post(json={"url": "http://127.0.0.1:1/image"})
        assert answer.status == 502
        assert "127.0.0.1" not in answer.json["detail"]

    async def test_forbidden_address(self, gateway: Gateway) -> None:
        answer = await gateway.post(json={"url": "http://169.254.169.254/latest/meta-data/"})
        assert answer.status == 403
        assert "169.254" not in answer.json["detail"]

    async def test_source_is_too_slow(
        self, start_model: StartModel, start_gateway: StartGateway, start_raw: StartRaw
    ) -> None:
        gateway = await start_gateway(await start_model(StubModel()), **timeouts(fetch=0.2))
        url = await start_raw(RawSource(then_hang=True))
        assert (await gateway.post(json={"url": url})).status == 504

    async def test_image_behind_the_url_is_too_large(
        self, start_model: StartModel, start_gateway: StartGateway, source: ImageSource
    ) -> None:
        port = await start_model(StubModel())
        gateway = await start_gateway(port, GATEWAY_MAX_IMAGE_BYTES="50")
        answer = await gateway.post(json={"url": f"{source.url}/image"})
        assert answer.status == 413


class TestImageErrors:
    """Bytes that are no usable image get the reason."""

    async def test_unknown_format(self, gateway: Gateway) -> None:
        answer = await gateway.post_image(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
        assert answer.status == 415
        assert "JPEG" in answer.json["detail"]

    async def test_empty(self, gateway: Gateway) -> None:
        assert (await gateway.post_image(b"")).status == 415

    async def test_truncated(self, gateway: Gateway) -> None:
        image = plain(size=(200, 200), image_format="JPEG")
        assert (await gateway.post_image(image[:-100])).status == 422

    async def test_too_many_pixels(self, gateway: Gateway) -> None:
        bomb = as_file(Image.new("1", (10_000, 4_001)))
        assert len(bomb) < 10_000
        answer = await gateway.post_image(bomb)
        assert answer.status == 413
        assert "40000000 pixels" in answer.json["detail"]


class TestDecodingErrors:
    """An image that breaks its decoder is told so, and the next one is decoded."""

    async def test_worker_crashes(self, gateway: Gateway) -> None:
        workers = await stopped_workers(gateway)
        hit = asyncio.create_task(gateway.post_image(plain()))
        await asyncio.sleep(0.1)
        for worker in workers:
            os.kill(worker, signal.SIGSEGV)
            os.kill(worker, signal.SIGCONT)
        answer = await hit
        assert (answer.status, answer.json["code"]) == (422, "image-not-decodable")

        async def the_next_is_decoded() -> bool:
            return (await gateway.post_image(plain())).status == 200

        await until(the_next_is_decoded)  # at once, unless both workers were hit while they began

    async def test_image_takes_too_long(
        self, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        port = await start_model(StubModel())
        gateway = await start_gateway(port, GATEWAY_DECODE_TIMEOUT_SECONDS="0.2")
        await stopped_workers(gateway)
        answer = await gateway.post_image(plain())
        assert (answer.status, answer.json["code"]) == (422, "image-too-slow")


async def stopped_workers(gateway: Gateway) -> list[int]:
    """The decoding workers of the test's gateway, once both decode, held still."""

    async def both_run() -> bool:
        return len(children_of(os.getpid())) == 2

    await until(both_run)
    await asyncio.gather(*(gateway.post_image(plain()) for _ in range(20)))
    workers = children_of(os.getpid())
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    return workers


class TestModelErrors:
    """A fault of the model servers is never the caller's, and never shows their words."""

    @pytest.mark.parametrize(
        ("code", "status"),
        [
            (grpc.StatusCode.UNAVAILABLE, 503),
            (grpc.StatusCode.RESOURCE_EXHAUSTED, 503),
            (grpc.StatusCode.DEADLINE_EXCEEDED, 504),
            (grpc.StatusCode.NOT_FOUND, 502),
            (grpc.StatusCode.FAILED_PRECONDITION, 502),
            (grpc.StatusCode.INVALID_ARGUMENT, 502),
            (grpc.StatusCode.INTERNAL, 502),
            (grpc.StatusCode.UNKNOWN, 502),
        ],
    )
    async def test_server_refuses_or_fails(
        self,
        start_model: StartModel,
        start_gateway: StartGateway,
        code: grpc.StatusCode,
        status: int,
    ) -> None:
        model = StubModel()
        gateway = await start_gateway(await start_model(model))
        model.failures = [code] * 2
        answer = await gateway.post_image(plain())
        assert answer.status == status
        assert "10.1.2.3" not in answer.json["detail"]
        assert ("Retry-After" in answer.headers) == (status == 503)

    @pytest.mark.parametrize(
        "broken",
        [
            {"scores": [0.5, 0.5]},
            {"scores": [0.25] * 4},
            {"scores": [float("nan"), 0.0, 0.0]},
            {"output_name": "other"},
        ],
        ids=["too few scores", "too many scores", "no number", "other output"],
    )
    async def test_answer_does_not_fit_the_labels(
        self, start_model: StartModel, start_gateway: StartGateway, broken: dict[str, object]
    ) -> None:
        model = StubModel(**broken)  # type: ignore[arg-type]
        gateway = await start_gateway(await start_model(model))
        assert (await gateway.post_image(plain())).status == 502

    async def test_no_server_is_there(self, start_gateway: StartGateway) -> None:
        gateway = await start_gateway(1, ready=False)
        answer = await gateway.post_image(plain())
        assert (answer.status, answer.headers["Retry-After"]) == (503, "1")


class TestUnexpected:
    """A fault of the gateway itself shows nothing of its inside."""

    async def test_fault(self, stack: contextlib.AsyncExitStack) -> None:
        model = ModelClient(
            target="ipv4:127.0.0.1:1", name="m", signature_name="s", fallback=OwnWords()
        )
        api = Api(
            predictor=FaultyPredictor(),
            models=Models([model], CanaryShare(0)),
            door=Door(api_keys=None, limit=ConcurrencyLimit(1), request_timeout_seconds=1),
            max_image_bytes=1000,
        )
        url = await stack.enter_async_context(serve_app(create_app(api.routes, Metrics())))
        for _ in range(2):  # the place of the first request is free again
            async with aiohttp.ClientSession() as session:
                answer = await Gateway(url, session).post_image(plain())
            assert (answer.status, answer.json["code"]) == (500, "internal-error")
            assert "secret" not in str(answer.json)


class FaultyPredictor(Predictor):
    """Fails in a way that nobody thought of."""

    def __init__(self) -> None:
        """Without parts."""

    async def predict_image(self, data: bytes, target: Target, deadline: Deadline) -> Prediction:
        """Fail."""
        raise RuntimeError("secret")
