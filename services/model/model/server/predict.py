"""PredictionService.Predict: checks, run, answer.

Order and texts of the checks follow servables/tensorflow/predict_util.cc and, in tensorflow,
cc/saved_model/util.cc. The real server leaves shapes to the operations of the graph; here they are
checked before, with the same code.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from numpy.typing import NDArray
from tensorflow_serving.apis import predict_pb2

from model.server.errors import failed_precondition, invalid_argument
from model.server.registry import Servable
from model.server.runs import GraphRun
from model.server.specs import set_answered_spec, signature_name
from model.server.tensors import dtype_name, to_array, to_proto

UNKNOWN_SIZE = -1


def predict(servable: Servable, request: Any, run: GraphRun, *, as_content: bool = False) -> Any:
    """Answer a PredictRequest with a PredictResponse.

    Raises:
        ServingError: FAILED_PRECONDITION for an unknown signature, INVALID_ARGUMENT for what is
            wrong with the tensors, DEADLINE_EXCEEDED after the run's limit, or a graph's error.
    """
    name = signature_name(request.model_spec)
    signature = servable.signatures.get(name)
    if signature is None:
        raise failed_precondition(f'Serving signature key "{name}" not found.')
    _require_input_count(signature, request)
    tensors = {alias: _input(signature, request, alias) for alias in sorted(signature.inputs)}
    arrays = {alias: _decode(alias, tensor) for alias, tensor in tensors.items()}
    aliases = _output_aliases(signature, request)
    for index, (alias, array) in enumerate(arrays.items()):
        _require_dtype(index, signature.inputs[alias].dtype, tensors[alias].dtype)
        _require_shape(alias, signature.inputs[alias].tensor_shape, array.shape)

    feeds = {signature.inputs[alias].name: array for alias, array in arrays.items()}
    fetches = [signature.outputs[alias].name for alias in aliases]
    results = run(servable, feeds, fetches)
    outputs = {
        alias: to_proto(result, as_content=as_content)
        for alias, result in zip(aliases, results, strict=True)
    }
    response = predict_pb2.PredictResponse(outputs=outputs)
    set_answered_spec(response.model_spec, servable, request.model_spec)
    return response


def _require_input_count(signature: Any, request: Any) -> None:
    got, want = set(request.inputs), set(signature.inputs)
    if len(got) > len(want) or (len(got) < len(want) and not signature.defaults):
        raise invalid_argument(
            f"input size does not match signature: {len(got)}!={len(want)} "
            f"len({{{_join(got)}}}) != len({{{_join(want)}}}). "
            f"Sent extra: {{{_join(got - want)}}}. Missing but required: {{{_join(want - got)}}}."
        )


def _input(signature: Any, request: Any, alias: str) -> Any:
    if alias in request.inputs:
        return request.inputs[alias]
    if alias in signature.defaults:
        return signature.defaults[alias]
    raise invalid_argument(
        f"Signature input alias: {alias}(feed name: {signature.inputs[alias].name}) not found in "
        "request and no default value provided. Inputs expected to be in the request "
        f"{{{_join(request.inputs)}}}, or default input alias set: {_join(signature.defaults)}"
    )


def _decode(alias: str, tensor: Any) -> NDArray[Any]:
    try:
        return to_array(tensor)
    except ValueError as error:
        raise invalid_argument(f"tensor parsing error: {alias}") from error


def _output_aliases(signature: Any, request: Any) -> list[str]:
    """The outputs to fetch: those of the filter, all without one."""
    aliases: list[str] = []
    for alias in request.output_filter:
        if alias not in signature.outputs:
            raise invalid_argument(
                f"output tensor alias not found in signature: {alias} "
                f"Outputs expected to be in the set {{{_join(signature.outputs)}}}."
            )
        if alias in aliases:
            raise invalid_argument(f"duplicate output tensor alias: {alias}")
        aliases.append(alias)
    return aliases or sorted(signature.outputs)


def _require_dtype(index: int, want: int, got: int) -> None:
    """Text of core/framework/function.cc in tensorflow."""
    if got != want:
        raise invalid_argument(
            f"Expects arg[{index}] to be {dtype_name(want)} but {dtype_name(got)} is provided"
        )


def _require_shape(alias: str, want: Any, got: tuple[int, ...]) -> None:
    sizes = [dimension.size for dimension in want.dim]
    fits = len(sizes) == len(got) and all(
        wanted in (UNKNOWN_SIZE, size) for wanted, size in zip(sizes, got, strict=True)
    )
    if not want.unknown_rank and not fits:
        raise invalid_argument(f"Input {alias} has shape {list(got)}, but {sizes} is expected")


def _join(names: Iterable[str] | Mapping[str, Any]) -> str:
    return ",".join(sorted(names))
