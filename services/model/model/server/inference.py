"""What clients can ask, whichever way they came: gRPC or REST.

Messages in, messages out; errors are ServingErrors. Finds the servable and measures the runs.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from tensorflow_serving.apis import get_model_metadata_pb2, get_model_status_pb2

from model.server.classify import classify
from model.server.errors import invalid_argument, not_found
from model.server.labels import Labels
from model.server.multi_inference import multi_inference, spec_of
from model.server.predict import predict
from model.server.registry import Registry, Servable
from model.server.regress import regress
from model.server.runs import GraphRun
from model.server.serving_metrics import ServingMetrics
from model.server.specs import require_spec, resolve

SIGNATURE_DEF = "signature_def"


class Inference:
    def __init__(
        self,
        registry: Registry,
        labels: Labels,
        metrics: ServingMetrics,
        *,
        check_method_names: bool,
    ) -> None:
        self._registry = registry
        self._labels = labels
        self._metrics = metrics
        self._check_method_names = check_method_names

    def predict(self, request: Any, timeout_seconds: float | None, *, as_content: bool) -> Any:
        """A PredictResponse; `as_content`: tensors in `tensor_content`, not in typed fields."""
        require_spec(request)
        with self.servable(request.model_spec) as servable:
            run = self._run(servable, "Predict", timeout_seconds)
            return predict(servable, request, run, as_content=as_content)

    def classify(self, request: Any, timeout_seconds: float | None) -> Any:
        return self._on_examples(classify, "Classify", request, timeout_seconds)

    def regress(self, request: Any, timeout_seconds: float | None) -> Any:
        return self._on_examples(regress, "Regress", request, timeout_seconds)

    def multi_inference(self, request: Any, timeout_seconds: float | None) -> Any:
        with self.servable(spec_of(request)) as servable:
            run = GraphRun(timeout_seconds=timeout_seconds)
            response = multi_inference(
                servable, request, run, check_method_name=self._check_method_names
            )
            self._metrics.counted_examples(servable.name, _example_count(request))
            return response

    def metadata(self, request: Any) -> Any:
        """A GetModelMetadataResponse; fields are checked before the model is looked up."""
        require_spec(request)
        if not request.metadata_field:
            raise invalid_argument(
                "GetModelMetadataRequest must specify at least one metadata_field"
            )
        for wanted in request.metadata_field:
            if wanted != SIGNATURE_DEF:
                raise invalid_argument(f"Metadata field {wanted} is not supported")
        response = get_model_metadata_pb2.GetModelMetadataResponse()
        with self.servable(request.model_spec) as servable:
            response.model_spec.name = servable.name
            response.model_spec.version.value = servable.version
            signatures = get_model_metadata_pb2.SignatureDefMap(signature_def=servable.signatures)
        response.metadata[SIGNATURE_DEF].Pack(signatures)
        return response

    def status(self, request: Any) -> Any:
        """A GetModelStatusResponse. A label is neither used nor checked
        (model_servers/get_model_status_impl.cc)."""
        require_spec(request)
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

    @contextmanager
    def servable(self, spec: Any) -> Iterator[Servable]:
        """What a ModelSpec names, loaded as long as the context lasts."""
        name, version = resolve(spec, self._labels)
        with self._registry.use(name, version) as servable:
            yield servable

    def _on_examples(
        self, method: Callable[..., Any], api: str, request: Any, timeout_seconds: float | None
    ) -> Any:
        require_spec(request)
        with self.servable(request.model_spec) as servable:
            run = self._run(servable, api, timeout_seconds)
            return method(servable, request, run, check_method_name=self._check_method_names)

    def _run(self, servable: Servable, api: str, timeout_seconds: float | None) -> GraphRun:
        measured = partial(self._metrics.ran, servable.name, api)
        return GraphRun(timeout_seconds=timeout_seconds, measured=measured)


def _example_count(request: Any) -> int:
    kind = request.input.WhichOneof("kind")
    return len(getattr(request.input, kind).examples)
