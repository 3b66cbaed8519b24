"""The two gRPC services (apis/prediction_service.proto, apis/model_service.proto).

Each method turns a call into one of the other modules, and its errors into statuses.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

import grpc
from tensorflow_serving.apis import model_management_pb2

from model.logs import fields
from model.server.config import ModelConfig, model_configs
from model.server.errors import ServingError, invalid_argument
from model.server.inference import Inference
from model.server.manager import ModelManager
from model.server.serving_metrics import ServingMetrics

ENTRYPOINT = "GRPC"
OK = grpc.StatusCode.OK.name
# gRPC tells of calls without a deadline that it is centuries away.
LONGEST_TIMEOUT_SECONDS = 10 * 365 * 24 * 3600.0

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
    def __init__(self, inference: Inference, metrics: ServingMetrics, *, as_content: bool) -> None:
        self._inference = inference
        self._metrics = metrics
        self._as_content = as_content

    @_answers
    def Predict(self, request: Any, context: grpc.ServicerContext) -> Any:
        def predict(request: Any, timeout_seconds: float | None) -> Any:
            return self._inference.predict(request, timeout_seconds, as_content=self._as_content)

        return self._measured("Predict", predict, request, context)

    @_answers
    def Classify(self, request: Any, context: grpc.ServicerContext) -> Any:
        return self._measured("Classify", self._inference.classify, request, context)

    @_answers
    def Regress(self, request: Any, context: grpc.ServicerContext) -> Any:
        return self._measured("Regress", self._inference.regress, request, context)

    @_answers
    def MultiInference(self, request: Any, context: grpc.ServicerContext) -> Any:
        return self._inference.multi_inference(request, _timeout_seconds(context))

    @_answers
    def GetModelMetadata(self, request: Any, _: grpc.ServicerContext) -> Any:
        return self._inference.metadata(request)

    def _measured(
        self,
        api: str,
        method: Callable[[Any, float | None], Any],
        request: Any,
        context: grpc.ServicerContext,
    ) -> Any:
        """Count the call under the model name that it gave, known or not; time a good one."""
        started = time.monotonic()
        model = request.model_spec.name
        try:
            response = method(request, _timeout_seconds(context))
        except ServingError as error:
            self._metrics.answered(model, error.code.name)
            raise
        self._metrics.answered_ok(model, api, ENTRYPOINT, time.monotonic() - started)
        self._metrics.answered(model, OK)
        return response


class ModelService:
    """GetModelStatus and HandleReloadConfigRequest."""

    def __init__(
        self, inference: Inference, manager: ModelManager, metrics: ServingMetrics
    ) -> None:
        self._inference = inference
        self._manager = manager
        self._metrics = metrics

    @_answers
    def GetModelStatus(self, request: Any, _: grpc.ServicerContext) -> Any:
        return self._inference.status(request)

    @_answers
    def HandleReloadConfigRequest(self, request: Any, _: grpc.ServicerContext) -> Any:
        """Answers when the new models serve, with the increase of the metrics asked for."""
        if request.config.WhichOneof("config") != "model_config_list":
            raise invalid_argument(
                "ServerModelConfig type not supported by HandleReloadConfigRequest. "
                "Only ModelConfigList is currently supported"
            )
        before = self._metric_values()
        models: dict[str, ModelConfig] = model_configs(request.config) or {}
        self._manager.apply(models)
        after = self._metric_values()
        response = model_management_pb2.ReloadConfigResponse()
        response.status.SetInParent()
        for name in request.metric_names:
            increase = after.get(name, 0) - before.get(name, 0)
            response.metric.add(name=name, int64_value_increase=increase)
        return response

    def _metric_values(self) -> dict[str, int]:
        return {metric.name: metric.first_value() for metric in self._metrics.all()}


def _timeout_seconds(context: grpc.ServicerContext) -> float | None:
    """What is left of the client's deadline; a call that waited too long isn't worth a run.

    Raises:
        ServingError: DEADLINE_EXCEEDED.
    """
    remaining_seconds = context.time_remaining()
    if remaining_seconds is None or remaining_seconds > LONGEST_TIMEOUT_SECONDS:
        return None
    if remaining_seconds <= 0:
        raise ServingError(grpc.StatusCode.DEADLINE_EXCEEDED, "Deadline exceeded before the run")
    return remaining_seconds
