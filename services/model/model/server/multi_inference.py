"""MultiInference: classifications and regressions of the same examples in one run
(servables/tensorflow/multi_inference.cc)."""

from typing import Any

import grpc
from tensorflow_serving.apis import inference_pb2, model_pb2

from model.server import classify, regress
from model.server.errors import ServingError, invalid_argument
from model.server.examples import by_name, serialized_examples
from model.server.registry import Servable
from model.server.runs import GraphRun
from model.server.specs import set_answered_spec, signature_name


def spec_of(request: Any) -> Any:
    """The ModelSpec that chooses model and version: the first task's."""
    return request.tasks[0].model_spec if request.tasks else model_pb2.ModelSpec()


def multi_inference(
    servable: Servable, request: Any, run: GraphRun, *, check_method_name: bool = False
) -> Any:
    """Answer a MultiInferenceRequest with a MultiInferenceResponse.

    Raises:
        ServingError: INVALID_ARGUMENT: tasks that don't belong together, an unknown signature, or
            as classify and regress; UNIMPLEMENTED: a task that is neither.
    """
    inputs: list[str] = []
    fetches: list[str] = []
    seen: set[str] = set()
    for task in request.tasks:
        _require_fitting(task, request.tasks[0], seen)
        seen.add(signature_name(task.model_spec))
        examples_input, names = _plan(servable, task, check_method_name=check_method_name)
        inputs.append(examples_input)
        fetches += [name for name in names if name not in fetches]
    examples = serialized_examples(request.input)
    results = by_name(fetches, run(servable, dict.fromkeys(inputs, examples), fetches))
    response = inference_pb2.MultiInferenceResponse()
    for task in request.tasks:
        result = response.results.add()
        set_answered_spec(result.model_spec, servable, task.model_spec)
        signature = servable.signatures[signature_name(task.model_spec)]
        if task.method_name == classify.METHOD_NAME:
            classify.fill_result(result.classification_result, signature, results, len(examples))
        else:
            regress.fill_result(result.regression_result, signature, results, len(examples))
    return response


def _require_fitting(task: Any, first: Any, seen: set[str]) -> None:
    if not task.model_spec.name:
        raise invalid_argument("Found ModelSpec with an empty model name.")
    if task.model_spec.name != first.model_spec.name:
        raise invalid_argument(
            "All ModelSpecs in a MultiInferenceRequest must access the same model name."
        )
    name = signature_name(task.model_spec)
    if name in seen:
        raise invalid_argument(f"Duplicate evaluation of signature: {name}")


def _plan(servable: Servable, task: Any, *, check_method_name: bool) -> tuple[str, list[str]]:
    name = signature_name(task.model_spec)
    if name not in servable.signatures:
        raise invalid_argument(f"Requested signature not found in model graph: {name}")
    signature = servable.signatures[name]
    if task.method_name == classify.METHOD_NAME:
        return classify.plan(signature, check_method_name=check_method_name)
    if task.method_name == regress.METHOD_NAME:
        return regress.plan(signature, check_method_name=check_method_name)
    raise ServingError(
        grpc.StatusCode.UNIMPLEMENTED, f"Unsupported signature method_name: {task.method_name}"
    )
