"""The examples of Classify, Regress and MultiInference (apis/input.proto), and their runs."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.server.errors import invalid_argument
from model.server.registry import Servable
from model.server.specs import signature_name


def serialized_examples(request_input: Any) -> NDArray[np.object_]:
    """The tf.Examples of an Input, each serialized: object [count], of bytes.

    A context goes before each example: concatenated messages are merged when parsed
    (servables/tensorflow/util.cc: InputToSerializedExampleTensor).

    Raises:
        ServingError: INVALID_ARGUMENT: there is none.
    """
    context = b""
    examples: list[Any] = []
    match request_input.WhichOneof("kind"):
        case "example_list":
            examples = list(request_input.example_list.examples)
        case "example_list_with_context":
            context = request_input.example_list_with_context.context.SerializeToString()
            examples = list(request_input.example_list_with_context.examples)
    if not examples:
        raise invalid_argument("Input is empty.")
    serialized = np.empty(len(examples), dtype=object)
    serialized[:] = [context + example.SerializeToString() for example in examples]
    return serialized


def require_signature(servable: Servable, spec: Any) -> Any:
    """The SignatureDef that a ModelSpec asks for.

    Raises:
        ServingError: INVALID_ARGUMENT, not the FAILED_PRECONDITION of Predict.
    """
    name = signature_name(spec)
    if name not in servable.signatures:
        raise invalid_argument(f"No signature was found with the name: {name}")
    return servable.signatures[name]


def require_one_input(signature: Any) -> None:
    if len(signature.inputs) != 1:
        raise invalid_argument("Expected one input Tensor.")


def input_name(signature: Any, kind: str) -> str:
    """The graph's name of `inputs`, which takes the examples."""
    if "inputs" not in signature.inputs:
        raise invalid_argument(f"No {kind} inputs found in SignatureDef: {signature}")
    name: str = signature.inputs["inputs"].name
    return name


def require_method_name(signature: Any, kind: str, wanted: str) -> None:
    if signature.method_name != wanted:
        raise invalid_argument(
            f"Expected {kind} signature method_name to be {wanted}. Was: {signature.method_name}"
        )


def by_name(fetches: list[str], results: list[Any]) -> Mapping[str, NDArray[Any]]:
    return dict(zip(fetches, results, strict=True))
