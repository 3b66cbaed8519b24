"""Classify (servables/tensorflow/classifier.cc)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tensorflow_serving.apis import classification_pb2

from model.server.errors import invalid_argument
from model.server.examples import (
    by_name,
    input_name,
    require_method_name,
    require_one_input,
    require_signature,
    serialized_examples,
)
from model.server.registry import Servable
from model.server.runs import GraphRun
from model.server.specs import set_answered_spec
from model.server.tensors import proto_dtype_name

METHOD_NAME = "tensorflow/serving/classify"
CLASSES = "classes"
SCORES = "scores"


def classify(
    servable: Servable, request: Any, run: GraphRun, *, check_method_name: bool = False
) -> Any:
    """Answer a ClassificationRequest with a ClassificationResponse.

    Raises:
        ServingError: INVALID_ARGUMENT: an unknown signature, one that doesn't classify (such as
            every Keras model's), no example, or outputs of the wrong shape or type.
    """
    signature = require_signature(servable, request.model_spec)
    examples_input, fetches = plan(signature, check_method_name=check_method_name)
    examples = serialized_examples(request.input)
    results = by_name(fetches, run(servable, {examples_input: examples}, fetches))
    response = classification_pb2.ClassificationResponse()
    set_answered_spec(response.model_spec, servable, request.model_spec)
    fill_result(response.result, signature, results, len(examples))
    return response


def plan(signature: Any, *, check_method_name: bool) -> tuple[str, list[str]]:
    """The graph's names of the input and of the outputs to fetch; raises as classify."""
    if check_method_name:
        require_method_name(signature, "classification", METHOD_NAME)
    require_one_input(signature)
    if len(signature.outputs) not in (1, 2):
        raise invalid_argument(
            f"Expected one or two output Tensors, found {len(signature.outputs)}"
        )
    examples_input = input_name(signature, "classification")
    fetches = [signature.outputs[k].name for k in (CLASSES, SCORES) if k in signature.outputs]
    if not fetches:
        raise invalid_argument(
            "Expected classification signature outputs to contain at least one of "
            f'"{CLASSES}" or "{SCORES}". Signature was: {signature}'
        )
    return examples_input, fetches


def fill_result(
    result: Any, signature: Any, results: Mapping[str, NDArray[Any]], count: int
) -> None:
    """Fill a ClassificationResult from arrays [count, classes]; raises as classify."""
    classes = _output(signature, results, CLASSES, np.dtype(object), count)
    scores = _output(signature, results, SCORES, np.dtype(np.float32), count)
    width = _width(classes, scores)
    for row in range(count):
        entry = result.classifications.add()
        for column in range(width):
            each = entry.classes.add()
            if classes is not None:
                each.label = classes[row, column]
            if scores is not None:
                each.score = scores[row, column]


def _output(
    signature: Any,
    results: Mapping[str, NDArray[Any]],
    key: str,
    dtype: np.dtype[Any],
    count: int,
) -> NDArray[Any] | None:
    if key not in signature.outputs:
        return None
    array = results[signature.outputs[key].name]
    if array.ndim != 2:
        raise invalid_argument(
            f"Expected Tensor shape: [batch_size num_classes] but got {_shape(array)}"
        )
    if array.dtype != dtype:
        wanted, got = proto_dtype_name(dtype), proto_dtype_name(array.dtype)
        raise invalid_argument(f"Expected {key} Tensor of {wanted}. Got: {got}")
    if array.shape[0] != count:
        raise invalid_argument(
            f"Expected {key} output batch size of {count}. Got: {array.shape[0]}"
        )
    return array


def _width(*outputs: NDArray[Any] | None) -> int:
    """The number of classes, on which the outputs that are there must agree."""
    widths = [int(output.shape[1]) for output in outputs if output is not None]
    if len(set(widths)) > 1:
        raise invalid_argument(
            f"Tensors class and score should match in dim_size(1). Got {widths[0]} vs. {widths[1]}"
        )
    return widths[0]


def _shape(array: NDArray[Any]) -> str:
    return f"[{','.join(map(str, array.shape))}]"
