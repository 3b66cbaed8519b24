"""The other calls, over a real socket."""

from typing import Any

import grpc
import pytest
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_management_pb2,
    predict_pb2,
)

from fixture_types import AddVersion, Eventually, Serve
from serving_client import Client, as_proto


@pytest.fixture
def client(serve: Serve, add_version: AddVersion) -> Client:
    add_version(3)
    return serve().client


def error_of(call: Any, *args: Any, **kwargs: Any) -> tuple[grpc.StatusCode, str | None]:
    with pytest.raises(grpc.RpcError) as error:
        call(*args, **kwargs)
    return error.value.code(), error.value.details()


class TestMetadata:
    """A client learns names, types and shapes of inputs and outputs."""

    def test_signatures(self, client: Client) -> None:
        answer = client.metadata("signature_def")
        assert (answer.model_spec.name, answer.model_spec.version.value) == ("tiny", 3)
        assert answer.model_spec.signature_name == ""
        packed = answer.metadata["signature_def"]
        assert packed.type_url == "type.googleapis.com/tensorflow.serving.SignatureDefMap"
        signatures = get_model_metadata_pb2.SignatureDefMap()
        packed.Unpack(signatures)
        x = signatures.signature_def["serving_default"].inputs["x"]
        assert [dim.size for dim in x.tensor_shape.dim] == [-1, 2]

    def test_no_field(self, client: Client) -> None:
        assert error_of(client.metadata) == (
            grpc.StatusCode.INVALID_ARGUMENT,
            "GetModelMetadataRequest must specify at least one metadata_field",
        )

    def test_the_field_is_checked_before_the_model(self, client: Client) -> None:
        assert error_of(client.metadata, "weights", name="other") == (
            grpc.StatusCode.INVALID_ARGUMENT,
            "Metadata field weights is not supported",
        )

    def test_no_model_spec(self, client: Client) -> None:
        request = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])
        assert error_of(client.prediction.GetModelMetadata, request)[1] == "Missing ModelSpec"

    def test_unknown_model(self, client: Client) -> None:
        assert error_of(client.metadata, "signature_def", name="other") == (
            grpc.StatusCode.NOT_FOUND,
            "Servable not found for request: Latest(other)",
        )


class TestStatus:
    """Every version ever seen, with its state and error."""

    def test_all_versions_highest_first(
        self, serve: Serve, add_version: AddVersion, eventually: Eventually
    ) -> None:
        add_version(1)
        client = serve().client
        add_version(2)
        eventually(lambda: client.statuses().get(1) == "END")
        assert list(client.statuses().items()) == [(2, "AVAILABLE"), (1, "END")]

    def test_one_version(self, client: Client) -> None:
        assert client.statuses(version=3) == {3: "AVAILABLE"}

    def test_a_label_is_not_even_looked_at(self, client: Client) -> None:
        assert client.statuses(version_label="nope") == {3: "AVAILABLE"}

    def test_a_failed_version_tells_its_error(
        self, serve: Serve, add_version: AddVersion, base_path: Any, eventually: Eventually
    ) -> None:
        add_version(1)
        client = serve().client
        (base_path / "2").mkdir()
        eventually(lambda: client.statuses().get(2) == "END")
        spec = {"name": "tiny"}
        request = get_model_status_pb2.GetModelStatusRequest(model_spec=spec)
        failed, healthy = client.models.GetModelStatus(request).model_version_status
        assert failed.status.error_code == grpc.StatusCode.NOT_FOUND.value[0]
        assert "Could not find SavedModel" in failed.status.error_message
        assert healthy.status.error_code == 0
        assert client.factor() == 1

    def test_no_model_spec(self, client: Client) -> None:
        request = get_model_status_pb2.GetModelStatusRequest()
        assert error_of(client.models.GetModelStatus, request) == (
            grpc.StatusCode.INVALID_ARGUMENT,
            "Missing ModelSpec",
        )

    @pytest.mark.parametrize("name", ["other", ""])
    def test_unknown_model(self, client: Client, name: str) -> None:
        assert error_of(client.statuses, name=name) == (
            grpc.StatusCode.NOT_FOUND,
            f"Could not find any versions of model {name}",
        )

    def test_unknown_version(self, client: Client) -> None:
        assert error_of(client.statuses, version=9) == (
            grpc.StatusCode.NOT_FOUND,
            "Could not find version 9 of model tiny",
        )


def test_a_call_without_a_deadline(client: Client) -> None:
    request = predict_pb2.PredictRequest(model_spec={"name": "tiny"})
    request.inputs["x"].CopyFrom(as_proto([[1.0, 2.0]]))
    assert client.prediction.Predict(request).model_spec.version.value == 3


def test_a_reload_must_be_a_list_of_models(client: Client) -> None:
    request = model_management_pb2.ReloadConfigRequest()
    assert error_of(client.models.HandleReloadConfigRequest, request) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "ServerModelConfig type not supported by HandleReloadConfigRequest. "
        "Only ModelConfigList is currently supported",
    )
