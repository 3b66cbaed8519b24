"""Predict over a real socket: answers, and every error with its code and text."""

from typing import Any

import grpc
import numpy as np
import pytest
from tensorflow.core.framework import tensor_pb2, types_pb2
from tensorflow_serving.apis import predict_pb2

from fixture_types import AddVersion, Exported, Serve
from serving_client import Client, as_proto

PAIR = np.array([[1, 2]], np.float32)


@pytest.fixture
def client(serve: Serve, add_version: AddVersion) -> Client:
    add_version(3)
    return serve().client


def error_of(client: Client, *args: Any, **kwargs: Any) -> tuple[grpc.StatusCode, str | None]:
    with pytest.raises(grpc.RpcError) as error:
        client.predict(*args, **kwargs)
    return error.value.code(), error.value.details()


class TestAnswer:
    """Outputs, and the model, version and signature that gave them."""

    def test_outputs_and_model_spec(self, client: Client) -> None:
        answer = client.predict({"x": PAIR})
        assert set(answer.outputs) == {"scaled", "total"}
        assert list(answer.outputs["scaled"].float_val) == [3, 6]
        assert [dim.size for dim in answer.outputs["scaled"].tensor_shape.dim] == [1, 2]
        spec = answer.model_spec
        assert (spec.name, spec.version.value, spec.signature_name) == (
            "tiny",
            3,
            "serving_default",
        )

    def test_a_filter_chooses_outputs(self, client: Client) -> None:
        assert set(client.predict({"x": PAIR}, output_filter=("total",)).outputs) == {"total"}

    def test_another_signature(self, client: Client) -> None:
        answer = client.predict({"text": ["abc"]}, signature_name="shout")
        assert list(answer.outputs["shouted"].string_val) == [b"ABC"]
        assert answer.model_spec.signature_name == "shout"

    def test_two_inputs(self, client: Client) -> None:
        numbers = {"a": np.array([1, 2]), "b": np.array([10, 20])}
        assert list(client.predict(numbers, signature_name="add").outputs["sum"].int64_val) == [
            11,
            22,
        ]

    def test_pictures_as_raw_bytes(self, serve: Serve, exported: Exported) -> None:
        """What the gateway sends: uint8 in tensor_content."""
        base_path = exported.folder.parent
        client = serve(model_name="digits", model_base_path=str(base_path)).client
        image = tensor_pb2.TensorProto(
            dtype=types_pb2.DT_UINT8, tensor_content=bytes(2 * 96 * 96 * 3)
        )
        for size in (2, 96, 96, 3):
            image.tensor_shape.dim.add(size=size)
        scores = client.predict({"image": image}, name="digits").outputs["scores"]
        assert np.sum(np.reshape(scores.float_val, (2, 10)), axis=1) == pytest.approx([1, 1])

    def test_tensor_content_if_the_flag_is_set(self, serve: Serve, add_version: AddVersion) -> None:
        add_version(2)
        client = serve(enable_serialization_as_tensor_content=True).client
        scaled = client.predict({"x": PAIR}).outputs["scaled"]
        assert np.frombuffer(scaled.tensor_content, np.float32).tolist() == [2, 4]

    def test_requests_larger_than_grpcs_4_mib(self, client: Client) -> None:
        many = np.ones([700_000, 2], np.float32)
        total = client.predict({"x": many}, output_filter=("total",)).outputs["total"]
        assert len(total.float_val) == 700_000


class TestModelErrors:
    """Which model, version and signature: the numbered rows of the reference, in order."""

    def test_1_no_model_spec(self, client: Client) -> None:
        with pytest.raises(grpc.RpcError) as error:
            client.prediction.Predict(predict_pb2.PredictRequest(), timeout=5)
        assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert error.value.details() == "Missing ModelSpec"

    def test_2_no_name(self, client: Client) -> None:
        assert error_of(client, name="") == (
            grpc.StatusCode.INVALID_ARGUMENT,
            "ModelSpec has no name specified.",
        )

    @pytest.mark.parametrize("name", ["tiny", "unknown"])
    def test_3_unknown_label(self, client: Client, name: str) -> None:
        assert error_of(client, name=name, version_label="stable") == (
            grpc.StatusCode.INVALID_ARGUMENT,
            "Unrecognized servable version label: stable",
        )

    def test_4_unknown_model(self, client: Client) -> None:
        assert error_of(client, name="other") == (
            grpc.StatusCode.NOT_FOUND,
            "Servable not found for request: Latest(other)",
        )

    def test_4_unknown_version(self, client: Client) -> None:
        assert error_of(client, version=9) == (
            grpc.StatusCode.NOT_FOUND,
            "Servable not found for request: Specific(tiny, 9)",
        )

    def test_5_unknown_signature(self, client: Client) -> None:
        assert error_of(client, signature_name="nope") == (
            grpc.StatusCode.FAILED_PRECONDITION,
            'Serving signature key "nope" not found.',
        )


class TestTensorErrors:
    """What is wrong with the tensors: the rows that follow."""

    @pytest.mark.parametrize(
        ("inputs", "message"),
        [
            (
                {},
                "0!=1 len({}) != len({x}). Sent extra: {}. Missing but required: {x}.",
            ),
            (
                {"x": PAIR, "z": PAIR, "y": PAIR},
                "3!=1 len({x,y,z}) != len({x}). Sent extra: {y,z}. Missing but required: {}.",
            ),
        ],
    )
    def test_6_number_of_inputs(self, client: Client, inputs: dict[str, Any], message: str) -> None:
        assert error_of(client, inputs) == (
            grpc.StatusCode.INVALID_ARGUMENT,
            f"input size does not match signature: {message}",
        )

    def test_7_wrong_name(self, client: Client) -> None:
        code, message = error_of(client, {"y": PAIR})
        assert code is grpc.StatusCode.INVALID_ARGUMENT
        assert message == (
            "Signature input alias: x(feed name: serving_default_x:0) not found in request and no "
            "default value provided. Inputs expected to be in the request {y}, "
            "or default input alias set: "
        )

    def test_8_content_that_does_not_fit_its_shape(self, client: Client) -> None:
        tensor = as_proto(PAIR)
        tensor.tensor_content = tensor.tensor_content[:-1]
        assert error_of(client, {"x": tensor}) == (
            grpc.StatusCode.INVALID_ARGUMENT,
            "tensor parsing error: x",
        )

    def test_9_unknown_output(self, client: Client) -> None:
        assert error_of(client, output_filter=("nope",)) == (
            grpc.StatusCode.INVALID_ARGUMENT,
            "output tensor alias not found in signature: nope "
            "Outputs expected to be in the set {scaled,total}.",
        )

    def test_9_the_same_output_twice(self, client: Client) -> None:
        assert error_of(client, output_filter=("total", "total")) == (
            grpc.StatusCode.INVALID_ARGUMENT,
            "duplicate output tensor alias: total",
        )

    def test_10_wrong_dtype(self, client: Client) -> None:
        assert error_of(client, {"x": np.array([[1, 2]], np.uint8)}) == (
            grpc.StatusCode.INVALID_ARGUMENT,
            "Expects arg[0] to be float but uint8 is provided",
        )

    @pytest.mark.parametrize("shape", [[1, 3], [2], [1, 2, 1]])
    def test_11_wrong_shape(self, client: Client, shape: list[int]) -> None:
        code, message = error_of(client, {"x": np.zeros(shape, np.float32)})
        assert code is grpc.StatusCode.INVALID_ARGUMENT
        assert message == f"Input x has shape {shape}, but [-1, 2] is expected"

    def test_11_an_operation_that_fails(self, client: Client) -> None:
        code, message = error_of(client, {"x": PAIR}, signature_name="fold")
        assert code is grpc.StatusCode.INVALID_ARGUMENT
        assert "Input to reshape is a tensor with 2 values" in str(message)

    def test_12_the_deadline_ends_the_run(self, client: Client) -> None:
        limit = {"limit": np.array([2**31 - 1], np.int32)}
        code, _ = error_of(client, limit, signature_name="count", timeout_seconds=0.3)
        assert code is grpc.StatusCode.DEADLINE_EXCEEDED
        # Four such runs would fill the server's four threads, were they not ended.
        for _ in range(4):
            error_of(client, limit, signature_name="count", timeout_seconds=0.3)
        assert client.predict({"x": PAIR}, timeout_seconds=5).model_spec.version.value == 3
