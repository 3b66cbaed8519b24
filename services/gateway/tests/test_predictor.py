"""A request's way through fetch, decode and model, without HTTP in front."""

import contextlib

import pytest
from gateway.addresses import AddressPolicy
from gateway.decode import Decoder
from gateway.errors import ModelChanged
from gateway.fetch import Fetcher
from gateway.hosts import HostPolicy
from gateway.image_input import DecodeOptions
from gateway.limits import Deadline
from gateway.metrics import Metrics
from gateway.model_client import ModelClient
from gateway.model_description import OwnWords
from gateway.models import Target
from gateway.predictor import Predictor
from harness import StartModel
from pictures import GREEN, plain
from servers import until
from stub_model import StubModel


class TestReplacedModel:
    """A model that is replaced by one with another input costs nobody a request."""

    async def test_image_is_prepared_again(
        self, start_model: StartModel, stack: contextlib.AsyncExitStack
    ) -> None:
        model = StubModel(version=1, height=6)
        predictor, target = await new_predictor(await start_model(model), stack)
        first = await predictor.predict_image(plain(), target, Deadline(5))
        assert first.scores.version == 1
        model.version, model.height = 2, 12
        prediction = await predictor.predict_image(plain(GREEN), target, Deadline(5))
        assert prediction.scores.version == 2
        assert next(iter(prediction.scores.by_label)) == "green"
        assert list(prediction.stage_seconds) == ["decode", "predict"]

    async def test_once_only(
        self, start_model: StartModel, stack: contextlib.AsyncExitStack
    ) -> None:
        model = Restless(version=1)
        predictor, target = await new_predictor(await start_model(model), stack)
        with pytest.raises(ModelChanged):
            await predictor.predict_image(plain(), target, Deadline(5))


class Restless(StubModel):
    """A model that has grown whenever it was described."""

    def _describe(self, response: object) -> None:
        super()._describe(response)
        self.height += 1


async def new_predictor(port: int, stack: contextlib.AsyncExitStack) -> tuple[Predictor, Target]:
    """A predictor with real parts, and a model that is described."""
    fetcher = Fetcher(
        addresses=AddressPolicy(),
        hosts=HostPolicy(),
        max_redirects=0,
        max_bytes=10_000,
        timeout_seconds=5,
        connect_timeout_seconds=2,
        read_timeout_seconds=2,
    )
    model = ModelClient(
        target=f"ipv4:127.0.0.1:{port}",
        name="colors",
        signature_name="serving_default",
        fallback=OwnWords(),
    )
    decoder = Decoder(
        options=DecodeOptions(max_pixels=10_000, max_frames=1),
        workers=1,
        max_memory_bytes=2**27,
        timeout_seconds=5,
    )
    await stack.enter_async_context(decoder)
    await stack.enter_async_context(fetcher)
    await stack.enter_async_context(model)

    async def is_ready() -> bool:
        return model.why_not_ready() is None

    await until(is_ready)
    predictor = Predictor(fetcher=fetcher, decoder=decoder, metrics=Metrics())
    return predictor, Target(model)
