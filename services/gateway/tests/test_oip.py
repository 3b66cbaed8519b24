"""The Open Inference Protocol, spoken by a client that others wrote, and by hand."""

import asyncio
import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from harness import Gateway, StartGateway, StartModel
from servers import free_port
from stub_model import StubModel, StubWithCanary

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its dependencies, when they are imported
    from tritonclient import http as triton

INFER = "/v2/models/colors/infer"


class TestGenuineClient:
    """NVIDIA's client for version 2 of the protocol works unchanged."""

    @pytest.mark.parametrize("binary", [True, False], ids=["binary", "json"])
    async def test_infer(self, gateway: Gateway, binary: bool) -> None:
        def infer(client: Any) -> Any:
            tensor = triton.InferInput("image", [2, 6, 8, 3], "UINT8")
            tensor.set_data_from_numpy(images(0, 1), binary_data=binary)
            output = triton.InferRequestedOutput("scores", binary_data=binary)
            return client.infer("colors", [tensor], outputs=[output], request_id="seven")

        result = await asyncio.to_thread(with_client, gateway, infer)
        scores = result.as_numpy("scores")
        assert scores.dtype == np.float32
        assert scores.tolist() == [[1, 0, 0], [0, 1, 0]]
        response = result.get_response()
        assert (response["id"], response["model_version"]) == ("seven", "1")

    async def test_output_that_nobody_named(self, gateway: Gateway) -> None:
        def infer(client: Any) -> Any:
            tensor = triton.InferInput("image", [1, 6, 8, 3], "UINT8")
            tensor.set_data_from_numpy(images(2))
            return client.infer("colors", [tensor]).as_numpy("scores")

        assert (await asyncio.to_thread(with_client, gateway, infer)).tolist() == [[0, 0, 1]]

    async def test_health_and_metadata(self, gateway: Gateway) -> None:
        def ask(client: Any) -> Any:
            return (
                client.is_server_live(),
                client.is_server_ready(),
                client.is_model_ready("colors"),
                client.is_model_ready("dogs"),
                client.get_server_metadata()["extensions"],
                client.get_model_metadata("colors"),
            )

        live, ready, model_ready, other_ready, extensions, metadata = await asyncio.to_thread(
            with_client, gateway, ask
        )
        assert (live, ready, model_ready, other_ready) == (True, True, True, False)
        assert extensions == ["binary_tensor_data"]
        assert metadata == {
            "name": "colors",
            "versions": ["1"],
            "platform": "tensorflow_savedmodel",
            "inputs": [{"name": "image", "datatype": "UINT8", "shape": [-1, 6, 8, 3]}],
            "outputs": [{"name": "scores", "datatype": "FP32", "shape": [-1, 3]}],
        }

    async def test_error(self, gateway: Gateway) -> None:
        def infer(client: Any) -> str:
            tensor = triton.InferInput("image", [1, 5, 8, 3], "UINT8")
            tensor.set_data_from_numpy(np.zeros((1, 5, 8, 3), np.uint8))
            with pytest.raises(triton.InferenceServerException) as caught:
                client.infer("colors", [tensor])
            return str(caught.value)

        error = await asyncio.to_thread(with_client, gateway, infer)
        assert "takes the shape [-1, 6, 8, 3]" in error


class TestVersions:
    """A version by its number in the path, or by label in the header."""

    @pytest.mark.parametrize(
        ("path", "headers", "version"),
        [
            ("/v2/models/colors/infer", {}, "1"),
            ("/v2/models/colors/versions/2/infer", {}, "2"),
            ("/v2/models/colors/infer", {"X-Model-Label": "canary"}, "2"),
        ],
    )
    async def test_chosen(
        self,
        start_model: StartModel,
        start_gateway: StartGateway,
        path: str,
        headers: dict[str, str],
        version: str,
    ) -> None:
        gateway = await start_gateway(await start_model(StubWithCanary()))
        answer = await gateway.post(path, json=request(), headers=headers)
        assert (answer.status, answer.json["model_version"]) == (200, version)
        assert answer.headers["X-Model"] == f"colors/{version}"

    async def test_share_of_the_canary(
        self, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        port = await start_model(StubWithCanary())
        gateway = await start_gateway(port, GATEWAY_CANARY_PERCENT="100")
        assert (await gateway.post(INFER, json=request())).json["model_version"] == "2"

    @pytest.mark.parametrize("version", ["9", "0", "x", "9" * 30])
    async def test_not_there(self, gateway: Gateway, version: str) -> None:
        answer = await gateway.get(f"/v2/models/colors/versions/{version}")
        assert (answer.status, answer.json["code"]) == (404, "not-served")


class TestTensors:
    """Data may be nested or flat; what doesn't fit is refused with what would."""

    async def test_flat(self, gateway: Gateway) -> None:
        answer = await gateway.post(INFER, json=request(data=images(1).ravel().tolist()))
        assert answer.json["outputs"] == [
            {"name": "scores", "shape": [1, 3], "datatype": "FP32", "data": [0.0, 1.0, 0.0]}
        ]

    async def test_float_model(self, start_model: StartModel, start_gateway: StartGateway) -> None:
        gateway = await start_gateway(await start_model(StubModel(dtype="float32")))
        answer = await gateway.post(INFER, json=request(datatype="FP32"))
        assert answer.json["outputs"][0]["data"] == [1.0, 0.0, 0.0]

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"name": "other"}, "input is 'image'"),
            ({"datatype": "FP32"}, "takes UINT8"),
            ({"shape": [1, 6, 8]}, "takes the shape [-1, 6, 8, 3]"),
            ({"shape": [0, 6, 8, 3], "data": []}, "1 to 16 images"),
            ({"shape": [17, 6, 8, 3]}, "1 to 16 images"),
            ({"shape": [2, 6, 8, 3]}, "not UINT8 [2, 6, 8, 3]"),
            ({"data": [256] * 144}, "not UINT8"),
            ({"data": [None] * 144}, "not UINT8"),
            ({"data": [[1, 2], [3]]}, "not UINT8"),
            ({"data": None}, "either data or binary_data_size"),
            ({"data": None, "parameters": {"binary_data_size": 144}}, "0 bytes follow"),
            ({"shape": [-1, 6, 8, 3]}, "shape"),
        ],
    )
    async def test_refused(self, gateway: Gateway, changes: dict[str, Any], reason: str) -> None:
        answer = await gateway.post(INFER, json=request(**changes))
        assert (answer.status, answer.json["code"]) == (400, "malformed-request")
        assert reason in answer.json["error"]

    @pytest.mark.parametrize("body", [b"", b"{}", b"[" * 50_000, b'{"inputs": []}'])
    async def test_no_request(self, gateway: Gateway, body: bytes) -> None:
        assert (await gateway.post(INFER, data=body)).status == 400

    @pytest.mark.parametrize("length", ["-1", "x", "1000000", "9" * 5000])
    async def test_length_of_the_json(self, gateway: Gateway, length: str) -> None:
        headers = {"Inference-Header-Content-Length": length}
        assert (await gateway.post(INFER, data=b"{}", headers=headers)).status == 400

    async def test_output_that_there_is_not(self, gateway: Gateway) -> None:
        answer = await gateway.post(INFER, json=request() | {"outputs": [{"name": "other"}]})
        assert (answer.status, "'scores'" in answer.json["error"]) == (400, True)


async def test_away(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(free_port(), ready=False)
    assert (await gateway.get("/v2/health/live")).status == 200
    assert (await gateway.get("/v2/health/ready")).json == {"name": "colors", "ready": False}
    answer = await gateway.post(INFER, json=request())
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")


def images(*channels: int) -> npt.NDArray[np.uint8]:
    """An image for each channel that is full in it, uint8 [n, 6, 8, 3]."""
    pixels = np.zeros((len(channels), 6, 8, 3), np.uint8)
    for image, channel in zip(pixels, channels, strict=True):
        image[..., channel] = 255
    return pixels


def request(**changes: Any) -> dict[str, Any]:
    """A red image, or what differs from it."""
    tensor = {
        "name": "image",
        "shape": [1, 6, 8, 3],
        "datatype": "UINT8",
        "data": images(0).tolist(),
    }
    return {"inputs": [tensor | changes]}


def with_client(gateway: Gateway, ask: Any) -> Any:
    """What the client answers; it blocks, and wants to be used by one thread."""
    client = triton.InferenceServerClient(gateway.url.removeprefix("http://"))
    try:
        return ask(client)
    finally:
        client.close()
