"""What stands around the gateways of the benchmark does what the benchmark takes for granted."""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator, Callable
from typing import Any, cast

import aiohttp
import grpc
import numpy as np
import numpy.typing as npt
import pytest
from decoding import photograph
from gateway.prediction_request import predict_request
from gateway.selection import Selection
from gateway.tensors import to_array
from peers.limit import Works
from peers.load import BROKEN_CONNECTION, Load, send
from peers.model import INPUT, MODEL, OUTPUT, SIGNATURE, Model
from peers.source import Source
from pictures import as_file
from PIL import Image
from servers import free_port
from tensorflow_serving.apis import predict_pb2

OK = b"HTTP/1.1 200 OK\r\n"
RIGHT = b'Content-Length: 14\r\n\r\n{"dress": 1.0}'


class Refused(Exception):
    """The model server takes no such request."""


class _Context:
    """As far as the model server needs one."""

    async def abort(self, code: grpc.StatusCode, details: str) -> None:
        raise Refused(code, details)


class _Gateway(Source):
    """Answers every request the same, and leaves where it says so."""

    def __init__(self, answer: bytes) -> None:
        super().__init__({})
        self._answer = answer

    def data_received(self, data: bytes) -> None:
        """A request comes in one piece, as the load sends it."""
        self._transport.write(self._answer)
        if b"Connection: close" in self._answer:
            self._transport.close()


@contextlib.asynccontextmanager
async def _serve(protocol: Callable[[], asyncio.Protocol]) -> AsyncIterator[int]:
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    async with server:
        port: int = server.sockets[0].getsockname()[1]
        yield port


class TestLoad:
    """Requests are counted as what they came to."""

    @pytest.mark.parametrize(
        ("answer", "outcome"),
        [
            (OK + RIGHT, "200"),
            (OK + b"Connection: close\r\n" + RIGHT, "200"),
            (OK + b"Content-Length: 2\r\n\r\n{}", "wrong answer"),
            (b"HTTP/1.1 429 Too Many Requests\r\n" + RIGHT, "429"),
        ],
    )
    async def test_outcomes(self, answer: bytes, outcome: str) -> None:
        async with _serve(lambda: _Gateway(answer)) as port:
            result = await send(Load(port=port, urls=["/a"], clients=2, requests=10))
        assert result.outcomes == {outcome: 10}
        assert len(result.latencies_seconds) == 10

    async def test_nobody_listens(self) -> None:
        result = await send(Load(port=free_port(), urls=["/a"], clients=1, requests=2))
        assert result.outcomes == {BROKEN_CONNECTION: 2}

    async def test_ends_in_time(self) -> None:
        async with _serve(lambda: _Gateway(OK + RIGHT)) as port:
            result = await send(Load(port=port, urls=["/a"], clients=3, seconds=0.2))
        assert 0.2 <= result.seconds < 1
        assert result.outcomes.keys() == {"200"}


class TestModel:
    """Takes pictures as both gateways send them, and answers each."""

    @pytest.mark.parametrize("pictures", [1, 3, 4, 16])
    @pytest.mark.parametrize("dtype", [np.uint8, np.float32])
    async def test_a_row_of_scores_for_each(self, pictures: int, dtype: type) -> None:
        answered = await _ask_model(np.zeros((pictures, 96, 96, 3), dtype))
        outputs = predict_pb2.PredictResponse.FromString(answered).outputs
        assert to_array(outputs[OUTPUT]).shape == (pictures, 10)

    @pytest.mark.parametrize("shape", [(1, 96, 97, 3), (2, 48, 96, 3), (200, 96, 96, 3)])
    async def test_refuses_all_else(self, shape: tuple[int, ...]) -> None:
        with pytest.raises(Refused):
            await _ask_model(np.zeros(shape, np.uint8))


async def _ask_model(pictures: npt.NDArray[Any]) -> bytes:
    request = predict_request(
        [pictures],
        model_name=MODEL,
        signature_name=SIGNATURE,
        input_name=INPUT,
        selection=Selection(),
    )
    context = cast("grpc.aio.ServicerContext[bytes, bytes]", _Context())
    return await Model(96).predict(request, context)


class TestSource:
    """A web server, as far as gateways need one."""

    async def test_keeps_connections_and_knows_what_it_has(self) -> None:
        answers = {b"/a.jpg": OK + b"Content-Length: 3\r\n\r\nabc"}
        async with _serve(lambda: Source(answers)) as port, aiohttp.ClientSession() as session:
            for path, status in (("a.jpg", 200), ("b.jpg", 404), ("a.jpg", 200)):
                async with session.get(f"http://127.0.0.1:{port}/{path}") as response:
                    assert response.status == status
                    assert await response.read() == (b"abc" if status == 200 else b"")


class TestLimit:
    """The bare loop does all that a gateway has to do."""

    def test_the_request_holds_the_picture_as_the_gateway_sends_it(self) -> None:
        file = as_file(photograph(640, 480), "JPEG")
        request = predict_pb2.PredictRequest.FromString(Works(96, "bilinear").all()["whole"](file))
        pixels = to_array(request.inputs[INPUT])
        assert pixels.shape == (1, 96, 96, 3)
        whole = Image.open(io.BytesIO(file)).resize((96, 96), Image.Resampling.BILINEAR)
        assert np.abs(pixels[0].astype(int) - np.asarray(whole).astype(int)).max() <= 8
