"""A REST call's answer: status, headers, body (model_servers/http_rest_api_handler.cc)."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import grpc
from tensorflow_serving.apis import (
    classification_pb2,
    get_model_metadata_pb2,
    get_model_status_pb2,
    predict_pb2,
    regression_pb2,
)

from model.logs import fields
from model.server.errors import ServingError, failed_precondition, invalid_argument
from model.server.inference import SIGNATURE_DEF, Inference
from model.server.metrics import page
from model.server.rest import paths
from model.server.rest.json_answers import (
    classification_results,
    error_json,
    metadata_json,
    predict_json,
    regression_results,
    results_json,
    status_json,
)
from model.server.rest.json_examples import fill_examples_request
from model.server.rest.json_predict import Infos, fill_predict_request
from model.server.rest.paths import Action, Call
from model.server.serving_metrics import ServingMetrics
from model.server.specs import signature_name

ENTRYPOINT = "REST"
HTTP_OK = 200
HTTP_NOT_FOUND = 404
HTTP_INTERNAL = 500
HTTP_STATUSES = {
    grpc.StatusCode.CANCELLED: 499,
    grpc.StatusCode.INVALID_ARGUMENT: 400,
    grpc.StatusCode.FAILED_PRECONDITION: 400,
    grpc.StatusCode.OUT_OF_RANGE: 400,
    grpc.StatusCode.UNAUTHENTICATED: 401,
    grpc.StatusCode.PERMISSION_DENIED: 403,
    grpc.StatusCode.NOT_FOUND: HTTP_NOT_FOUND,
    grpc.StatusCode.ALREADY_EXISTS: 409,
    grpc.StatusCode.ABORTED: 409,
    grpc.StatusCode.RESOURCE_EXHAUSTED: 429,
    grpc.StatusCode.UNIMPLEMENTED: 501,
    grpc.StatusCode.UNAVAILABLE: 503,
    grpc.StatusCode.DEADLINE_EXCEEDED: 504,
}
JSON = {"Content-Type": "application/json"}
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST, GET",
    "Access-Control-Allow-Headers": "Content-Type",
}
# libevent's own page, for what is no path of the API.
NOT_FOUND_PAGE = (
    "<HTML><HEAD>\n<TITLE>404 Not Found</TITLE>\n</HEAD><BODY>\n"
    "<H1>Not Found</H1>\n</BODY></HTML>\n"
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=lambda: JSON)


class RestHandler:
    """Knows nothing of sockets.

    Args:
        metrics_path: of the Prometheus page, None without one.
        timeout_seconds: of a run, None is no limit.
    """

    def __init__(
        self,
        inference: Inference,
        metrics: ServingMetrics,
        *,
        metrics_path: str | None,
        timeout_seconds: float | None,
        allow_cors: bool,
    ) -> None:
        self._inference = inference
        self._metrics = metrics
        self._metrics_path = metrics_path
        self._timeout_seconds = timeout_seconds
        self._allow_cors = allow_cors

    def answer(self, method: str, path: str, origin: str, body: bytes) -> Answer:
        """Answer a request; `path` as it came, without the query; `origin`: that header."""
        if path == self._metrics_path:
            headers = {"Content-Type": "text/plain"}
            return Answer(status=HTTP_OK, body=page(self._metrics.all()), headers=headers)
        if not paths.is_served(path):
            headers = {"Content-Type": "text/html"}
            return Answer(status=HTTP_NOT_FOUND, body=NOT_FOUND_PAGE, headers=headers)
        started = time.monotonic()
        code, text, headers = self._serve(method, path, origin, body)
        # Every call counts, status requests and malformed ones too, as in the real server.
        model = paths.model_name(method, path)
        if code is grpc.StatusCode.OK:
            api = path.rpartition(":")[2] if method == "POST" else ""
            self._metrics.answered_ok(model, api, ENTRYPOINT, time.monotonic() - started)
        self._metrics.answered(model, code.name)
        status = HTTP_OK if code is grpc.StatusCode.OK else HTTP_STATUSES.get(code, HTTP_INTERNAL)
        return Answer(
            status=status, body=text, headers=headers | (CORS if self._allow_cors else {})
        )

    def _serve(
        self, method: str, path: str, origin: str, body: bytes
    ) -> tuple[grpc.StatusCode, str, dict[str, str]]:
        try:
            if method == "OPTIONS":
                _require_origin(origin)
                return grpc.StatusCode.OK, "", {}
            return grpc.StatusCode.OK, self._call(paths.parse(method, path), body), JSON
        except ServingError as error:
            # The real server says nothing about a preflight that it refuses.
            refused = method == "OPTIONS"
            return error.code, "" if refused else error_json(error), {} if refused else JSON
        except Exception as error:
            log.exception("a request failed unexpectedly", extra=fields(path=path))
            message = f"{type(error).__name__} in the model server"
            internal = ServingError(grpc.StatusCode.INTERNAL, message)
            return internal.code, error_json(internal), JSON

    def _call(self, call: Call, body: bytes) -> str:
        actions: dict[Action, Callable[[Any, bytes], str]] = {
            Action.PREDICT: self._predict,
            Action.CLASSIFY: self._classify,
            Action.REGRESS: self._regress,
            Action.METADATA: self._metadata,
            Action.STATUS: self._status,
        }
        return actions[call.action](call.spec, body)

    def _predict(self, spec: Any, body: bytes) -> str:
        request = predict_pb2.PredictRequest(model_spec=spec)
        answer = fill_predict_request(body, request, self._inputs_of)
        response = self._inference.predict(request, self._timeout_seconds, as_content=True)
        return predict_json(response, answer)

    def _classify(self, spec: Any, body: bytes) -> str:
        request = classification_pb2.ClassificationRequest(model_spec=spec)
        fill_examples_request(body, request)
        response = self._inference.classify(request, self._timeout_seconds)
        return results_json(classification_results(response.result))

    def _regress(self, spec: Any, body: bytes) -> str:
        request = regression_pb2.RegressionRequest(model_spec=spec)
        fill_examples_request(body, request)
        response = self._inference.regress(request, self._timeout_seconds)
        return results_json(regression_results(response.result))

    def _metadata(self, spec: Any, _: bytes) -> str:
        request = get_model_metadata_pb2.GetModelMetadataRequest(
            model_spec=spec, metadata_field=[SIGNATURE_DEF]
        )
        return metadata_json(self._inference.metadata(request))

    def _status(self, spec: Any, _: bytes) -> str:
        request = get_model_status_pb2.GetModelStatusRequest(model_spec=spec)
        return status_json(self._inference.status(request))

    def _inputs_of(self, spec: Any) -> Infos:
        """Raises ServingError: INVALID_ARGUMENT for an unknown signature, unlike gRPC."""
        with self._inference.servable(spec) as servable:
            name = signature_name(spec)
            if name not in servable.signatures:
                raise invalid_argument(
                    f'Serving signature name: "{name}" not found in signature def'
                )
            inputs: Infos = servable.signatures[name].inputs
            return inputs


def _require_origin(origin: str) -> None:
    if "http://" not in origin and "https://" not in origin:
        raise failed_precondition("Origin header is missing in CORS preflight")
