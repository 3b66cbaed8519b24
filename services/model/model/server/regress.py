"""Regress (servables/tensorflow/regressor.cc)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tensorflow_serving.apis import regression_pb2

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

METHOD_NAME = "tensorflow/serving/regress"
OUTPUTS = "outputs"


def regress(
    servable: Servable, request: Any, run: GraphRun, *, check_method_name: bool = False
) -> Any:
    """Answer a RegressionRequest with a RegressionResponse.

    Raises:
        ServingError: INVALID_ARGUMENT: an unknown signature, one that doesn't regress, no example,
            or outputs of the wrong shape or type.
    """
    signature = require_signature(servable, request.model_spec)
    examples_input, fetches = plan(signature, check_method_name=check_method_name)
    examples = serialized_examples(request.input)
    results = by_name(fetches, run(servable, {examples_input: examples}, fetches))
    response = regression_pb2.RegressionResponse()
    set_answered_spec(response.model_spec, servable, request.model_spec)
    fill_result(response.result, signature, results, len(examples))
    return response


def plan(signature: Any, *, check_method_name: bool) -> tuple[str, list[str]]:
    """The graph's names of the input and of the outputs to fetch; raises as regress."""
    if check_method_name:
        require_method_name(signature, "regression", METHOD_NAME)
    require_one_input(signature)
    if len(signature.outputs) != 1:
        raise invalid_argument("Expected one output Tensor.")
    examples_input = input_name(signature, "regression")
    if OUTPUTS not in signature.outputs:
        raise invalid_argument(f"No regression outputs found in SignatureDef: {signature}")
    return examples_input, [signature.outputs[OUTPUTS].name]


def fill_result(
    result: Any, signature: Any, results: Mapping[str, NDArray[Any]], count: int
) -> None:
    """Fill a RegressionResult from an array [count] or [count, 1]; raises as regress."""
    array = results[signature.outputs[OUTPUTS].name]
    if not (array.ndim == 1 or (array.ndim == 2 and array.shape[1] == 1)):
        shape = ",".join(map(str, array.shape))
        raise invalid_argument(
            "Expected output Tensor shape to be either [batch_size] or [batch_size, 1] "
            f"but got [{shape}]"
        )
    if array.shape[0] != count:
        raise invalid_argument(
            f"Input batch size did not match output batch size: {count} vs. {array.shape[0]}"
        )
    if array.dtype != np.float32:
        got = proto_dtype_name(array.dtype)
        raise invalid_argument(f"Expected output Tensor of DT_FLOAT.  Got: {got}")
    for value in array.ravel().tolist():
        result.regressions.add(value=value)
