"""Connections to the model servers."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

import grpc
import numpy as np
import numpy.typing as npt
import pytest
from gateway.errors import (
    ModelError,
    ModelFailed,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
)
from gateway.model_channel import ModelChannel
from gateway.tensors import to_proto
from harness import StartModel
from name_server import serve_names
from servers import free_port, until
from stub_model import StubModel
from tensorflow_serving.apis import predict_pb2


class TestBalancing:
    """Calls go to all servers in turn."""

    async def test_round_robin(self, start_model: StartModel) -> None:
        models = [StubModel(), StubModel()]
        ports = [await start_model(model) for model in models]
        async with channel_to(*ports) as channel:
            await connect_to_all(channel, models)
            for _ in range(20):
                await ask(channel)
        assert [len(model.requests) for model in models] == [10, 10]

    async def test_without_one_of_them(self, start_model: StartModel) -> None:
        model = StubModel()
        async with channel_to(await start_model(model), free_port()) as channel:
            for _ in range(10):
                await ask(channel)
        assert len(model.requests) == 10


class TestRetry:
    """A call that no server took is made once more, elsewhere."""

    @pytest.mark.parametrize("code", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED])
    async def test_other_server_answers(
        self, start_model: StartModel, code: grpc.StatusCode
    ) -> None:
        models = [StubModel(), StubModel()]
        ports = [await start_model(model) for model in models]
        async with channel_to(*ports) as channel:
            await connect_to_all(channel, models)
            models[0].failures = [code] * 10
            for _ in range(10):
                await ask(channel)
        assert len(models[1].requests) == 10
        assert models[0].requests

    async def test_large_image(self, start_model: StartModel) -> None:
        model = StubModel(height=600, width=600, failures=[grpc.StatusCode.UNAVAILABLE])
        image = np.zeros((1, 600, 600, 3), np.uint8)
        async with channel_to(await start_model(model)) as channel:
            await ask(channel, image)
        assert len(model.requests) == 2

    async def test_not_a_third_time(self, start_model: StartModel) -> None:
        model = StubModel(failures=[grpc.StatusCode.UNAVAILABLE] * 2)
        async with channel_to(await start_model(model)) as channel:
            with pytest.raises(ModelUnavailable):
                await ask(channel)
        assert len(model.requests) == 2

    async def test_nothing_else_is_tried_again(self, start_model: StartModel) -> None:
        model = StubModel(failures=[grpc.StatusCode.INTERNAL])
        async with channel_to(await start_model(model)) as channel:
            with pytest.raises(ModelFailed):
                await ask(channel)
        assert len(model.requests) == 1


class TestErrors:
    """Each status of gRPC is one of our errors, with gRPC's own words only as its cause."""

    @pytest.mark.parametrize(
        ("code", "error"),
        [
            (grpc.StatusCode.CANCELLED, ModelUnavailable),
            (grpc.StatusCode.RESOURCE_EXHAUSTED, ModelUnavailable),
            (grpc.StatusCode.DEADLINE_EXCEEDED, ModelTimeout),
            (grpc.StatusCode.NOT_FOUND, ModelRefused),
            (grpc.StatusCode.FAILED_PRECONDITION, ModelRefused),
            (grpc.StatusCode.INVALID_ARGUMENT, ModelRefused),
            (grpc.StatusCode.UNKNOWN, ModelFailed),
            (grpc.StatusCode.UNIMPLEMENTED, ModelFailed),
        ],
    )
    async def test_status(
        self, start_model: StartModel, code: grpc.StatusCode, error: type[ModelError]
    ) -> None:
        model = StubModel(failures=[code] * 2)  # whether or not it is tried again
        async with channel_to(await start_model(model)) as channel:
            with pytest.raises(error) as caught:
                await ask(channel)
        assert "10.1.2.3" not in str(caught.value)
        assert "10.1.2.3" in str(caught.value.__cause__)

    async def test_deadline_passes(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            async with channel_to(silent.getsockname()[1]) as channel:
                with pytest.raises(ModelTimeout):
                    await ask(channel, timeout_seconds=0.1)


class TestReopen:
    """A channel that is opened anew finds servers that were not there before."""

    async def test_name_appears(self, start_model: StartModel) -> None:
        port = await start_model(StubModel())
        async with (
            serve_names() as (names, address),
            open_channel(f"dns://{address}/model.test:{port}") as channel,
        ):
            with pytest.raises(ModelUnavailable):
                await ask(channel)
            names.knows_the_name = True
            await channel.reopen(grace_seconds=1)
            await ask(channel)

    async def test_call_on_its_way_may_end(self, start_model: StartModel) -> None:
        model = StubModel(answer_after_seconds=0.2)
        async with channel_to(await start_model(model)) as channel:
            call = asyncio.create_task(ask(channel))
            await until(model.was_asked)
            await channel.reopen(grace_seconds=5)
            await call


@contextlib.asynccontextmanager
async def open_channel(target: str) -> AsyncIterator[ModelChannel]:
    """A channel that is closed after its use."""
    channel = ModelChannel(target)
    try:
        yield channel
    finally:
        await channel.close()


def channel_to(*ports: int) -> contextlib.AbstractAsyncContextManager[ModelChannel]:
    """A channel to servers on this machine."""
    return open_channel("ipv4:" + ",".join(f"127.0.0.1:{port}" for port in ports))


async def ask(
    channel: ModelChannel,
    image: npt.NDArray[Any] | None = None,
    timeout_seconds: float = 5,
) -> None:
    """Ask for the scores of an image, as the stub takes it by default."""
    request = predict_pb2.PredictRequest()
    request.model_spec.name = "colors"
    image = np.zeros((1, 6, 8, 3), np.uint8) if image is None else image
    request.inputs["image"].CopyFrom(to_proto(image))
    await channel.predict(request.SerializeToString(), timeout_seconds)


async def connect_to_all(channel: ModelChannel, models: list[StubModel]) -> None:
    """Connections come up one by one; go on when each server has been asked."""

    async def all_were_asked() -> bool:
        await ask(channel)
        return all(model.requests for model in models)

    await until(all_were_asked)
    for model in models:
        model.requests.clear()
