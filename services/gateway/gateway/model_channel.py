"""The gRPC connections to the model servers: one channel per process, spread over all servers."""

import asyncio
import json
from typing import Any, Final

import grpc
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from gateway.errors import (
    ModelError,
    ModelFailed,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
)
from gateway.tracing import outgoing_metadata

# A call goes to the next server in turn, and once more to another if that one is going away. A
# server that stops cancels calls that it has not begun (KillZombie in its server.cc).
SERVICE_CONFIG = {
    "loadBalancingConfig": [{"round_robin": {}}],
    "methodConfig": [
        {
            "name": [{"service": "tensorflow.serving.PredictionService"}],
            "retryPolicy": {
                "maxAttempts": 2,
                "initialBackoff": "0.02s",
                "maxBackoff": "0.02s",
                "backoffMultiplier": 1,
                "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"],
            },
        }
    ],
}

CHANNEL_OPTIONS: Final = (
    ("grpc.service_config", json.dumps(SERVICE_CONFIG)),
    # A call that outgrows this buffer is never retried; the default of 256 KiB is less than one
    # image of 299 x 299.
    ("grpc.per_rpc_retry_buffer_size", 16 * 2**20),
    # gRPC would wait up to two minutes before it tries a server again that was away, and ask DNS
    # for new ones every 30 s at most.
    ("grpc.max_reconnect_backoff_ms", 2_000),
    ("grpc.dns_min_time_between_resolutions_ms", 10_000),
    # The servers are inside the cluster; a proxy from the environment is for what is outside.
    ("grpc.enable_http_proxy", 0),
)

UNAVAILABLE = (ModelUnavailable, "no model server can be reached; try again later")
REFUSED = (ModelRefused, "the model server knows no such model, version, signature or input")
FAILED = (ModelFailed, "the model server failed on the request")

# What a gRPC status means to the caller (statuses of TF Serving: servables/tensorflow/
# predict_impl.cc); any other is FAILED. The server's own words go to the log, not to the caller.
ERRORS: dict[grpc.StatusCode, tuple[type[ModelError], str]] = {
    grpc.StatusCode.UNAVAILABLE: UNAVAILABLE,
    grpc.StatusCode.CANCELLED: UNAVAILABLE,
    grpc.StatusCode.RESOURCE_EXHAUSTED: (
        ModelUnavailable,
        "the model servers have no room for the request; try again later",
    ),
    grpc.StatusCode.DEADLINE_EXCEEDED: (ModelTimeout, "the model did not answer in time"),
    grpc.StatusCode.NOT_FOUND: REFUSED,
    grpc.StatusCode.FAILED_PRECONDITION: REFUSED,
    grpc.StatusCode.INVALID_ARGUMENT: REFUSED,
}


class ModelChannel:
    """The services of all servers behind one gRPC target.

    Calls take a timeout in seconds, which the server learns as its deadline, and raise a
    ModelError with gRPC's own error as its cause.
    """

    def __init__(self, target: str) -> None:
        self._target = target
        self._open()

    async def predict(self, request: bytes, timeout_seconds: float) -> predict_pb2.PredictResponse:
        """PredictionService.Predict, of a serialised PredictRequest."""
        return await _call(self._predict, request, timeout_seconds)

    async def get_model_metadata(
        self, request: get_model_metadata_pb2.GetModelMetadataRequest, timeout_seconds: float
    ) -> get_model_metadata_pb2.GetModelMetadataResponse:
        """PredictionService.GetModelMetadata."""
        return await _call(self._get_model_metadata, request, timeout_seconds)

    async def get_model_status(
        self, request: get_model_status_pb2.GetModelStatusRequest, timeout_seconds: float
    ) -> get_model_status_pb2.GetModelStatusResponse:
        """ModelService.GetModelStatus."""
        return await _call(self._get_model_status, request, timeout_seconds)

    def state(self) -> grpc.ChannelConnectivity:
        """READY when at least one server is connected; asking starts connecting."""
        return self._channel.get_state(try_to_connect=True)

    async def wait_for_change(
        self, state: grpc.ChannelConnectivity, timeout_seconds: float | None
    ) -> bool:
        """Wait until the state is another one; False if it still was when the time was over."""
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._channel.wait_for_state_change(state)
        except TimeoutError:
            return False
        return True

    async def reopen(self, grace_seconds: float) -> None:
        """Start anew, with a fresh look at DNS; calls still on their way have a grace to end.

        gRPC looks up a name that was not found more and more seldom, up to every two minutes, and
        the name of a headless Service is not found while no pod of it is ready.
        """
        old = self._channel
        self._open()
        await old.close(grace_seconds)

    async def close(self) -> None:
        """End all calls and connections."""
        await self._channel.close()

    def _open(self) -> None:
        self._channel = grpc.aio.insecure_channel(self._target, options=CHANNEL_OPTIONS)
        stub = prediction_service_pb2_grpc.PredictionServiceStub(self._channel)
        self._get_model_metadata = stub.GetModelMetadata
        # Bytes are sent as they are; the official stub takes messages alone.
        self._predict: Any = self._channel.unary_unary(
            "/tensorflow.serving.PredictionService/Predict",
            response_deserializer=predict_pb2.PredictResponse.FromString,
        )
        # Its official stub would bring along the messages of the server's whole configuration.
        self._get_model_status = self._channel.unary_unary(
            "/tensorflow.serving.ModelService/GetModelStatus",
            request_serializer=get_model_status_pb2.GetModelStatusRequest.SerializeToString,
            response_deserializer=get_model_status_pb2.GetModelStatusResponse.FromString,
        )


async def _call(method: Any, request: Any, timeout_seconds: float) -> Any:
    try:
        return await method(request, timeout=timeout_seconds, metadata=outgoing_metadata())
    except grpc.aio.AioRpcError as error:
        error_type, text = ERRORS.get(error.code(), FAILED)
        raise error_type(text) from error
