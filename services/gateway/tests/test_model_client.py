"""The model as the gateway sees it: described, asked, replaced."""

import asyncio
import contextlib

import grpc
import numpy as np
import numpy.typing as npt
import pytest
from gateway.errors import (
    ModelChanged,
    ModelError,
    ModelMismatch,
    ModelRefused,
    ModelUnavailable,
)
from gateway.limits import Deadline
from gateway.model_client import ModelClient
from gateway.model_description import ModelDescription, OwnWords
from gateway.scores import Scores
from gateway.tensors import to_array
from harness import StartModel
from name_server import serve_names
from servers import free_port, serve_model, until
from stub_model import StubModel

NOTHING = OwnWords()


class TestDescription:
    """What the gateway needs to know comes from the model, or else from the settings."""

    async def test_model_describes_itself(self, start_model: StartModel) -> None:
        port = await start_model(StubModel(version=4, resize_filter="nearest"))
        async with client_of(port) as client:
            description = await described(client)
        assert (description.version, description.labels) == (4, ("red", "green", "blue"))
        assert (description.image.height, description.image.width) == (6, 8)
        assert description.image.resize_filter == "nearest"
        assert description.input_dtype == np.uint8

    async def test_settings_describe_it(self, start_model: StartModel) -> None:
        port = await start_model(StubModel(describes_itself=False, fixed_size=False))
        words = OwnWords(labels=("a", "b", "c"), height=6, width=8, resize_filter="lanczos")
        async with client_of(port, fallback=words) as client:
            description = await described(client)
        assert description.labels == ("a", "b", "c")
        assert (description.image.height, description.image.width) == (6, 8)
        assert description.image.resize_filter == "lanczos"

    @pytest.mark.parametrize(
        ("model", "error", "reason"),
        [
            (StubModel(name="other"), ModelRefused, "no such model"),
            (StubModel(describes_itself=False), ModelMismatch, "GATEWAY_MODEL_LABELS"),
            (StubModel(signature_name="other"), ModelMismatch, "no signature 'serving_default'"),
        ],
    )
    async def test_neither_does(
        self, start_model: StartModel, model: StubModel, error: type[ModelError], reason: str
    ) -> None:
        async with client_of(await start_model(model)) as client:

            async def says_why() -> bool:
                return reason in str(client.why_not_ready())

            await until(says_why)
            with pytest.raises(error, match=reason):
                client.description()

    async def test_before_any_server_was_reached(self) -> None:
        async with client_of(free_port()) as client:
            assert client.why_not_ready() == "no model server was reached yet"
            with pytest.raises(ModelUnavailable):
                client.description()

    async def test_name_of_the_servers_is_looked_up_often(self) -> None:
        async with serve_names() as (names, address):
            target = f"dns://{address}/model.test:8500"
            async with client_of(target=target, reopen_after_seconds=0.05):
                # gRPC alone would ask 10 times in 10 s, and then ever less.
                async def was_asked_often() -> bool:
                    return names.questions > 20

                await until(was_asked_often)


class TestPredict:
    """The image goes as the model wants it, the scores come back by label, best first."""

    @pytest.mark.parametrize("dtype", ["uint8", "float32"])
    @pytest.mark.parametrize("typed_fields", [False, True])
    async def test_scores(self, start_model: StartModel, dtype: str, typed_fields: bool) -> None:
        model = StubModel(dtype=dtype, answers_in_typed_fields=typed_fields, input_name="x")
        async with client_of(await start_model(model)) as client:
            scores = await predict(client, color=(51, 255, 102))
        assert list(scores.by_label) == ["green", "blue", "red"]
        assert list(scores.by_label.values()) == pytest.approx([1.0, 0.4, 0.2])
        (request,) = model.requests
        tensor = request.inputs["x"]
        assert tensor.tensor_content
        assert to_array(tensor).dtype == dtype
        assert to_array(tensor)[0, 0, 0].tolist() == [51, 255, 102]
        assert request.model_spec.signature_name == "serving_default"


class TestVersionLabel:
    """With a label set, the version that bears it is described and asked."""

    async def test_it_is_asked_for(self, start_model: StartModel) -> None:
        model = StubModel(version=7, version_label="stable")
        async with client_of(await start_model(model), version_label="stable") as client:
            assert (await predict(client)).version == 7
        [request] = model.requests
        assert request.model_spec.version_label == "stable"

    async def test_a_server_that_lacks_it(self, start_model: StartModel) -> None:
        port = await start_model(StubModel(version_label="canary"))
        async with client_of(port, version_label="stable") as client:

            async def is_refused() -> bool:
                return "no such model, version" in str(client.why_not_ready())

            await until(is_refused)

    async def test_none_is_asked_for_by_default(self, start_model: StartModel) -> None:
        model = StubModel()
        async with client_of(await start_model(model)) as client:
            await predict(client)
        assert not model.requests[0].model_spec.HasField("version_label")


class TestReplacement:
    """A new version is noticed by its answers, whatever each server has at the moment."""

    async def test_labels_are_those_of_the_version_that_answered(
        self, start_model: StartModel
    ) -> None:
        model = StubModel(version=1)
        async with client_of(await start_model(model)) as client:
            await predict(client)
            model.version, model.labels = 2, ("rouge", "vert", "bleu")
            scores = await predict(client)
            assert (scores.version, next(iter(scores.by_label))) == (2, "rouge")
            assert client.description().version == 2

    async def test_two_versions_at_a_time(self, start_model: StartModel) -> None:
        models = [StubModel(version=1), StubModel(version=2, labels=("rouge", "vert", "bleu"))]
        ports = [await start_model(model) for model in models]
        async with client_of(*ports) as client:
            seen = set()
            for _ in range(20):
                scores = await predict(client)
                seen.add((scores.version, next(iter(scores.by_label))))
        assert seen == {(1, "red"), (2, "rouge")}

    async def test_each_version_is_described_once(self, start_model: StartModel) -> None:
        model = StubModel(version=1)
        async with client_of(await start_model(model)) as client:
            await predict(client)
            model.version = 2
            await asyncio.gather(*(predict(client) for _ in range(10)))
        assert model.descriptions_given == 2

    async def test_other_input(self, start_model: StartModel) -> None:
        model = StubModel(version=1)
        async with client_of(await start_model(model)) as client:
            await predict(client)
            model.version, model.height = 2, 12
            with pytest.raises(ModelChanged):
                await predict(client)
            assert (await predict(client)).version == 2

    async def test_same_version_with_another_input(self, start_model: StartModel) -> None:
        model = StubModel()
        async with client_of(await start_model(model)) as client:
            await predict(client)
            model.input_name = "pixels"
            with pytest.raises(ModelChanged):
                await predict(client)
            assert (await predict(client)).version == 1

    async def test_refused_though_nothing_changed(self, start_model: StartModel) -> None:
        model = StubModel()
        async with client_of(await start_model(model)) as client:
            await described(client)
            model.failures = [grpc.StatusCode.INVALID_ARGUMENT]
            with pytest.raises(ModelRefused):
                await predict(client)

    async def test_described_anew_after_the_connection_was_lost(self) -> None:
        port = free_port()
        async with client_of(port) as client:
            async with serve_model(StubModel(version=7), port):
                await described(client)

            async def is_away() -> bool:
                return client.why_not_ready() == "no model server can be reached"

            await until(is_away)
            async with serve_model(StubModel(version=7, labels=("a", "b", "c")), port):

                async def knows_the_new_labels() -> bool:
                    return client.description().labels == ("a", "b", "c")

                await until(knows_the_new_labels)


def client_of(
    *ports: int,
    target: str = "",
    version_label: str = "",
    fallback: OwnWords = NOTHING,
    reopen_after_seconds: float = 5,
) -> contextlib.AbstractAsyncContextManager[ModelClient]:
    """A client of servers on this machine."""
    addresses = ",".join(f"127.0.0.1:{port}" for port in ports)
    return ModelClient(
        target=target or f"ipv4:{addresses}",
        name="colors",
        signature_name="serving_default",
        version_label=version_label,
        fallback=fallback,
        reopen_after_seconds=reopen_after_seconds,
    )


async def described(client: ModelClient) -> ModelDescription:
    """The description, when it is there."""

    async def is_ready() -> bool:
        return client.why_not_ready() is None

    await until(is_ready)
    return client.description()


async def predict(client: ModelClient, color: tuple[int, ...] = (255, 0, 0)) -> Scores:
    """Scores for an image of one colour, in the size that the model was last known to take."""
    description = await described(client)
    shape = (1, description.image.height, description.image.width, 3)
    image: npt.NDArray[np.uint8] = np.broadcast_to(np.array(color, np.uint8), shape)
    return await client.predict(image, description, Deadline(5))
