"""A client for the model server, as a user would write one."""

from typing import Any

import grpc
import numpy as np
import tensorflow as tf
from grpc_health.v1 import health_pb2, health_pb2_grpc
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_management_pb2,
    model_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)
from tensorflow_serving.config import model_server_config_pb2

TIMEOUT_SECONDS = 10.0


class Client:
    def __init__(self, port: int) -> None:
        options = [
            # Otherwise gRPC shares one connection among all channels to the same address.
            ("grpc.use_local_subchannel_pool", 1),
            # Notice soon when a server that starts has opened its port.
            ("grpc.max_reconnect_backoff_ms", 200),
        ]
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=options)
        self.prediction = prediction_service_pb2_grpc.PredictionServiceStub(self.channel)
        self.models = model_service_pb2_grpc.ModelServiceStub(self.channel)
        self.health = health_pb2_grpc.HealthStub(self.channel)

    def close(self) -> None:
        self.channel.close()

    def predict(
        self,
        inputs: dict[str, Any] | None = None,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        output_filter: tuple[str, ...] = (),
        **spec: Any,
    ) -> Any:
        """Predict with arrays or ready-made TensorProtos; `spec` as in model_spec."""
        request = predict_pb2.PredictRequest(
            model_spec=model_spec(**spec), output_filter=output_filter
        )
        for name, value in ({"x": [[1.0, 2.0]]} if inputs is None else inputs).items():
            request.inputs[name].CopyFrom(as_proto(value))
        return self.prediction.Predict(request, timeout=timeout_seconds)

    def factor(self, **spec: Any) -> float:
        """What the tiny model that answers multiplies by."""
        inputs = {"x": np.ones([1, 2], np.float32)}
        return float(self.predict(inputs, **spec).outputs["scaled"].float_val[0])

    def metadata(self, *metadata_field: str, **spec: Any) -> Any:
        request = get_model_metadata_pb2.GetModelMetadataRequest(
            model_spec=model_spec(**spec), metadata_field=metadata_field
        )
        return self.prediction.GetModelMetadata(request, timeout=TIMEOUT_SECONDS)

    def statuses(self, **spec: Any) -> dict[int, str]:
        """Version to state, in the order of the answer."""
        request = get_model_status_pb2.GetModelStatusRequest(model_spec=model_spec(**spec))
        answer = self.models.GetModelStatus(request, timeout=TIMEOUT_SECONDS)
        state = get_model_status_pb2.ModelVersionStatus.State
        return {s.version: state.Name(s.state) for s in answer.model_version_status}

    def reload(self, *models: dict[str, Any]) -> Any:
        config = model_server_config_pb2.ModelServerConfig()
        config.model_config_list.SetInParent()
        for model in models:
            config.model_config_list.config.add(model_platform="tensorflow", **model)
        request = model_management_pb2.ReloadConfigRequest(config=config)
        return self.models.HandleReloadConfigRequest(request, timeout=TIMEOUT_SECONDS)

    def health_of(self, service: str) -> int:
        request = health_pb2.HealthCheckRequest(service=service)
        return int(self.health.Check(request, timeout=TIMEOUT_SECONDS).status)


def model_spec(name: str = "tiny", **fields: Any) -> Any:
    spec = model_pb2.ModelSpec(name=name)
    if "version" in fields:
        spec.version.value = fields.pop("version")
    return spec if not fields else _with_fields(spec, fields)


def _with_fields(spec: Any, fields: dict[str, str]) -> Any:
    spec.MergeFrom(model_pb2.ModelSpec(**fields))
    return spec


def as_proto(value: Any) -> Any:
    is_proto = hasattr(value, "tensor_content")
    return value if is_proto else tf.make_tensor_proto(value)
