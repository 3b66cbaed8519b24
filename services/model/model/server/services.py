"""The two gRPC services (apis/prediction_service.proto, apis/model_service.proto).

Each method turns messages into calls of the other modules, and their errors into statuses.
"""

import logging
import math
from collections.abc import Callable
from typing import Any, NoReturn

import grpc
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_management_pb2,
)

from model.logs import fields
from model.server.config import ModelConfig, model_configs
from model.server.errors import ServingError, invalid_argument, not_found
from model.server.labels import Labels
from model.server.manager import ModelManager
from model.server.predict import predict
from model.server.registry import Registry, Servable

SIGNATURE_DEF = "signature_def"

log = logging.getLogger(__name__)

Handler = Callable[[Any, Any, grpc.ServicerContext], Any]


def _answers(handler: Handler) -> Handler:
    """Turn a handler's ServingError into the call's status, anything else into INTERNAL."""

    def answer(service: Any, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return handler(service, request, context)
        except ServingError as error:
            context.abort(error.code, error.wire_message)
        except Exception as error:
            log.exception("a request failed unexpectedly", extra=fields(method=handler.__name__))
            context.abort(grpc.StatusCode.INTERNAL, f"{type(error).__name__} in the model server")

    return answer


class PredictionService:
    """Predict and GetModelMetadata; the other methods are UNIMPLEMENTED."""

    def __init__(self, registry: Registry, labels: Labels, *, as_content: bool) -> None:
        self._registry = registry
        self._labels = labels
        self._as_content = as_content

    @_answers
    def Predict(self, request: Any, context: grpc.ServicerContext) -> Any:
        timeout_seconds = _timeout_seconds(context)
        name, version = _resolve(request, self._labels)
        with self._registry.use(name, version) as servable:
            return predict(
                servable, request, timeout_seconds=timeout_seconds, as_content=self._as_content
            )

    @_answers
    def GetModelMetadata(self, request: Any, _: grpc.ServicerContext) -> Any:
        _require_spec(request)
        if not request.metadata_field:
            raise invalid_argument(
                "GetModelMetadataRequest must specify at least one metadata_field"
            )
        for wanted in request.metadata_field:
            if wanted != SIGNATURE_DEF:
                raise invalid_argument(f"Metadata field {wanted} is not supported")
        name, version = _resolve(request, self._labels)
        with self._registry.use(name, version) as servable:
            return _metadata(servable)

    @_answers
    def Classify(self, _: Any, __: grpc.ServicerContext) -> NoReturn:
        _unimplemented("Classify")

    @_answers
    def Regress(self, _: Any, __: grpc.ServicerContext) -> NoReturn:
        _unimplemented("Regress")

    @_answers
    def MultiInference(self, _: Any, __: grpc.ServicerContext) -> NoReturn:
        _unimplemented("MultiInference")


class ModelService:
    """GetModelStatus and HandleReloadConfigRequest."""

    def __init__(self, registry: Registry, manager: ModelManager) -> None:
        self._registry = registry
        self._manager = manager

    @_answers
    def GetModelStatus(self, request: Any, _: grpc.ServicerContext) -> Any:
        """A label is neither used nor checked (model_servers/get_model_status_impl.cc)."""
        _require_spec(request)
        name = request.model_spec.name
        statuses = self._registry.statuses(name)
        if request.model_spec.HasField("version"):
            wanted = request.model_spec.version.value
            if wanted not in statuses:
                raise not_found(f"Could not find version {wanted} of model {name}")
            statuses = {wanted: statuses[wanted]}
        if not statuses:
            raise not_found(f"Could not find any versions of model {name}")
        response = get_model_status_pb2.GetModelStatusResponse()
        for version, status in statuses.items():
            entry = response.model_version_status.add(version=version, state=int(status.state))
            # Sets the field, so that a healthy version says OK too.
            entry.status.SetInParent()
            if status.error is not None:
                entry.status.error_code = status.error.number
                entry.status.error_message = status.error.message
        return response

    @_answers
    def HandleReloadConfigRequest(self, request: Any, _: grpc.ServicerContext) -> Any:
        if request.config.WhichOneof("config") != "model_config_list":
            raise invalid_argument(
                "ServerModelConfig type not supported by HandleReloadConfigRequest. "
                "Only ModelConfigList is currently supported"
            )
        models: dict[str, ModelConfig] = model_configs(request.config) or {}
        self._manager.apply(models)
        response = model_management_pb2.ReloadConfigResponse()
        response.status.SetInParent()
        return response


def _resolve(request: Any, labels: Labels) -> tuple[str, int | None]:
    """Model and version of a request; None is the latest version."""
    _require_spec(request)
    spec = request.model_spec
    if not spec.name:
        raise invalid_argument("ModelSpec has no name specified.")
    match spec.WhichOneof("version_choice"):
        case "version":
            return spec.name, spec.version.value
        case "version_label":
            return spec.name, labels.version_of(spec.name, spec.version_label)
        case _:
            return spec.name, None


def _require_spec(request: Any) -> None:
    if not request.HasField("model_spec"):
        raise invalid_argument("Missing ModelSpec")


def _metadata(servable: Servable) -> Any:
    signatures = get_model_metadata_pb2.SignatureDefMap(signature_def=servable.signatures)
    response = get_model_metadata_pb2.GetModelMetadataResponse()
    response.model_spec.name = servable.name
    response.model_spec.version.value = servable.version
    response.metadata[SIGNATURE_DEF].Pack(signatures)
    return response


def _timeout_seconds(context: grpc.ServicerContext) -> float | None:
    """What is left of the client's deadline; a call that waited too long isn't worth a run.

    Raises:
        ServingError: DEADLINE_EXCEEDED.
    """
    remaining_seconds = context.time_remaining()
    if remaining_seconds is None or math.isinf(remaining_seconds):
        return None
    if remaining_seconds <= 0:
        raise ServingError(grpc.StatusCode.DEADLINE_EXCEEDED, "Deadline exceeded before the run")
    return remaining_seconds


def _unimplemented(method: str) -> NoReturn:
    message = f"{method} is not served by the embedded model server; use Predict"
    raise ServingError(grpc.StatusCode.UNIMPLEMENTED, message)
