"""The server under judgement: one gRPC address, and one for REST if there is."""

import http.client
import json
from typing import Any

import grpc
from grpc_health.v1 import health_pb2_grpc
from tensorflow_serving.apis import model_service_pb2_grpc, prediction_service_pb2_grpc

from model.conformance.case import HTTP_OK, OK, Answer, GrpcRequest, RestRequest
from model.errors import ModelError

REST_TIMEOUT_SECONDS = 60.0


class TargetError(ModelError):
    """Nothing can be said of the server: it isn't there, or doesn't serve the model."""


class Target:
    """Addresses as `host:port`; `rest` is None without REST."""

    def __init__(self, grpc_address: str, rest_address: str | None) -> None:
        self._grpc_address = grpc_address
        self._rest_address = rest_address
        self._channel = grpc.insecure_channel(
            grpc_address,
            # Otherwise all channels of a process to one address share a connection.
            options=[("grpc.use_local_subchannel_pool", 1)],
        )
        self._stubs = {
            "PredictionService": prediction_service_pb2_grpc.PredictionServiceStub(self._channel),
            "ModelService": model_service_pb2_grpc.ModelServiceStub(self._channel),
            "Health": health_pb2_grpc.HealthStub(self._channel),
        }

    def __enter__(self) -> "Target":
        return self

    def __exit__(self, *_: object) -> None:
        self._channel.close()

    def require_connection(self, timeout_seconds: float) -> None:
        """Raises TargetError."""
        try:
            grpc.channel_ready_future(self._channel).result(timeout=timeout_seconds)
        except grpc.FutureTimeoutError as error:
            raise TargetError(
                f"nothing answers gRPC at {self._grpc_address} within {timeout_seconds:.0f} s"
            ) from error

    def send(self, request: GrpcRequest | RestRequest) -> Answer:
        """Raises TargetError: REST isn't reachable."""
        if isinstance(request, GrpcRequest):
            return self._send_grpc(request)
        return self._send_rest(request)

    def _send_grpc(self, request: GrpcRequest) -> Answer:
        service, method = request.method.split("/")
        call = getattr(self._stubs[service], method)
        try:
            body: Any = call(request.message, timeout=request.timeout_seconds)
        except grpc.RpcError as error:
            return Answer(code=error.code().name, message=error.details() or "")
        return Answer(code=OK, body=body)

    def _send_rest(self, request: RestRequest) -> Answer:
        connection = http.client.HTTPConnection(
            self._rest_address or "", timeout=REST_TIMEOUT_SECONDS
        )
        try:
            connection.request(
                request.method,
                request.path,
                body=request.body.encode(),
                headers=dict(request.headers),
            )
            response = connection.getresponse()
            code, text = str(response.status), response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            raise TargetError(f"REST at {self._rest_address}: {error}") from error
        finally:
            connection.close()
        return Answer(code=code, message="" if code == HTTP_OK else _error_of(text), body=text)


def _error_of(text: str) -> str:
    try:
        return str(json.loads(text)["error"])
    except (ValueError, LookupError, TypeError):
        return text
