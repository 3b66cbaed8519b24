"""A model server on the official servicer, with a model that tells how red an image is."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import grpc
import numpy as np
from gateway.tensors import to_array, to_proto
from tensorflow.core.framework import tensor_pb2, types_pb2
from tensorflow.core.protobuf import meta_graph_pb2
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    predict_pb2,
    prediction_service_pb2_grpc,
)

DATA_TYPES = {"uint8": types_pb2.DT_UINT8, "float32": types_pb2.DT_FLOAT}


@dataclass
class StubModel(prediction_service_pb2_grpc.PredictionServiceServicer):  # type: ignore[misc]
    """Scores are the means of the red, green and blue channel, 0 to 1; requests are recorded."""

    name: str = "colors"
    signature_name: str = "serving_default"
    version: int = 1
    version_label: str = ""
    labels: tuple[str, ...] = ("red", "green", "blue")
    height: int = 6
    width: int = 8
    resize_filter: str = "bilinear"
    client_preprocessing: str = "none"
    dtype: str = "uint8"
    input_name: str = "image"
    describes_itself: bool = True
    fixed_size: bool = True
    answers_in_typed_fields: bool = False
    scores: list[float] | None = None
    output_name: str = "scores"
    answer_after_seconds: float = 0
    # Statuses for the next calls of Predict, before it works again.
    failures: list[grpc.StatusCode] = field(default_factory=list)
    requests: list[predict_pb2.PredictRequest] = field(default_factory=list)
    seconds_left: list[float] = field(default_factory=list)
    descriptions_given: int = 0

    async def GetModelMetadata(
        self, request: Any, context: grpc.aio.ServicerContext[Any, Any]
    ) -> get_model_metadata_pb2.GetModelMetadataResponse:
        """What TF Serving answers to `signature_def`."""
        await self._check_model(request.model_spec, context)
        signatures = get_model_metadata_pb2.SignatureDefMap()
        signatures.signature_def[self.signature_name].CopyFrom(self._signature())
        if self.describes_itself:
            signatures.signature_def["describe"].CopyFrom(meta_graph_pb2.SignatureDef())
        response = get_model_metadata_pb2.GetModelMetadataResponse()
        response.model_spec.name = self.name
        response.model_spec.version.value = self.version
        response.metadata["signature_def"].Pack(signatures)
        return response

    async def Predict(
        self, request: Any, context: grpc.aio.ServicerContext[Any, Any]
    ) -> predict_pb2.PredictResponse:
        """Scores, or the description."""
        await self._check_model(request.model_spec, context)
        response = predict_pb2.PredictResponse()
        response.model_spec.CopyFrom(request.model_spec)
        response.model_spec.version.value = self.version
        if request.model_spec.signature_name == "describe":
            self.descriptions_given += 1
            self._describe(response)
            return response
        self.requests.append(request)
        self.seconds_left.append(context.time_remaining())
        await asyncio.sleep(self.answer_after_seconds)
        if self.failures:
            await context.abort(self.failures.pop(0), "inner words of 10.1.2.3:8500")
        await self._check_input(request, context)
        scores = np.array(self._scores_of(request), np.float32)
        response.outputs[self.output_name].CopyFrom(self._as_answer(scores))
        return response

    async def GetModelStatus(
        self, request: Any, context: grpc.aio.ServicerContext[Any, Any]
    ) -> get_model_status_pb2.GetModelStatusResponse:
        """The one version that there is."""
        await self._check_model(request.model_spec, context)
        response = get_model_status_pb2.GetModelStatusResponse()
        available = get_model_status_pb2.ModelVersionStatus.State.AVAILABLE
        response.model_version_status.add(version=self.version, state=available)
        return response

    async def was_asked(self) -> bool:
        """Whether a request for scores has come."""
        return bool(self.requests)

    def _signature(self) -> meta_graph_pb2.SignatureDef:
        size = (self.height, self.width) if self.fixed_size else (-1, -1)
        signature = meta_graph_pb2.SignatureDef()
        image = signature.inputs[self.input_name]
        image.dtype = DATA_TYPES[self.dtype]
        for length in (-1, *size, 3):
            image.tensor_shape.dim.add(size=length)
        signature.outputs["scores"].dtype = types_pb2.DT_FLOAT
        return signature

    def _describe(self, response: predict_pb2.PredictResponse) -> None:
        size = np.array([[self.height, self.width]], np.int32)
        response.outputs["input_size"].CopyFrom(to_proto(size))
        response.outputs["labels"].CopyFrom(texts([self.labels]))
        response.outputs["resize_filter"].CopyFrom(texts([[self.resize_filter]]))
        response.outputs["client_preprocessing"].CopyFrom(texts([[self.client_preprocessing]]))

    def _scores_of(self, request: predict_pb2.PredictRequest) -> list[list[float]]:
        images = to_array(request.inputs[self.input_name])
        if self.scores is not None:
            return [self.scores] * len(images)
        means: list[list[float]] = (images.mean(axis=(1, 2)) / 255).tolist()
        return means

    def _as_answer(self, scores: np.ndarray[Any, Any]) -> tensor_pb2.TensorProto:
        proto = to_proto(scores)
        if self.answers_in_typed_fields:
            proto.ClearField("tensor_content")
            proto.float_val.extend(scores.ravel().tolist())
        return proto

    async def _check_model(self, spec: Any, context: grpc.aio.ServicerContext[Any, Any]) -> None:
        if spec.name != self.name or (
            spec.HasField("version") and spec.version.value != self.version
        ):
            await context.abort(grpc.StatusCode.NOT_FOUND, f"Servable not found: {spec.name}")
        if spec.version_label not in ("", self.version_label):
            reason = f"Unrecognized servable version label: {spec.version_label}"
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, reason)

    async def _check_input(
        self, request: predict_pb2.PredictRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> None:
        shape = [dim.size for dim in request.inputs[self.input_name].tensor_shape.dim]
        if shape[1:] != [self.height, self.width, 3]:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"wrong shape {shape}")


@dataclass
class StubWithCanary(StubModel):
    """Two versions, of which the second bears the label `canary`."""

    canary: StubModel = field(default_factory=lambda: StubModel(version=2, version_label="canary"))

    async def GetModelMetadata(
        self, request: Any, context: grpc.aio.ServicerContext[Any, Any]
    ) -> get_model_metadata_pb2.GetModelMetadataResponse:
        """Of the version that is meant."""
        if self._is_for_canary(request.model_spec):
            return await self.canary.GetModelMetadata(request, context)
        return await super().GetModelMetadata(request, context)

    async def Predict(
        self, request: Any, context: grpc.aio.ServicerContext[Any, Any]
    ) -> predict_pb2.PredictResponse:
        """By the version that is meant."""
        if self._is_for_canary(request.model_spec):
            return await self.canary.Predict(request, context)
        return await super().Predict(request, context)

    def _is_for_canary(self, spec: Any) -> bool:
        by_label: bool = spec.version_label == self.canary.version_label
        by_number: bool = spec.version.value == self.canary.version
        return by_label or by_number


def texts(rows: Any) -> tensor_pb2.TensorProto:
    """A string tensor of two dimensions."""
    proto = tensor_pb2.TensorProto(dtype=types_pb2.DT_STRING)
    proto.tensor_shape.dim.add(size=len(rows))
    proto.tensor_shape.dim.add(size=len(rows[0]))
    proto.string_val.extend(text.encode() for row in rows for text in row)
    return proto
