"""The body of `:predict`: `instances` (row format) or `inputs` (column format) to a PredictRequest.

Rules and messages of util/json_tensor.cc: FillPredictRequestFromJson.
"""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Any

from numpy.typing import NDArray

from model.server.errors import ServingError, invalid_argument
from model.server.rest.json_tensors import is_base64, to_tensor
from model.server.rest.json_text import format_error, parse_object, quote
from model.server.tensors import to_proto

INSTANCES = "instances"
INPUTS = "inputs"
SIGNATURE_NAME = "signature_name"

# Name to TensorInfo message.
Infos = Mapping[str, Any]


class Format(Enum):
    """How the answer is written: as the request was."""

    ROW = auto()
    COLUMN = auto()


def fill_signature(document: dict[str, Any], spec: Any) -> None:
    """Raises ServingError INVALID_ARGUMENT: the signature's name is no string."""
    name = document.get(SIGNATURE_NAME, "")
    if not isinstance(name, str):
        raise format_error(
            document, "not formatted correctly. 'signature_name' key must be a string value."
        )
    spec.signature_name = name


def fill_predict_request(body: bytes, request: Any, inputs_of: Callable[[Any], Infos]) -> Format:
    """Fill `request`, whose model_spec names the model, from a body.

    Args:
        inputs_of: from a ModelSpec to the inputs of its signature; raises ServingError.

    Raises:
        ServingError: INVALID_ARGUMENT, or what `inputs_of` raises.
    """
    document = parse_object(body)
    fill_signature(document, request.model_spec)
    infos = inputs_of(request.model_spec)
    if not infos:
        name = request.model_spec.signature_name or "DEFAULT"
        raise invalid_argument(f"Failed to get input map for signature: {name}")
    if INSTANCES in document and INPUTS in document:
        raise format_error(
            document,
            "Not formatted correctly expecting only one of 'inputs' or 'instances' keys to exist ",
        )
    if INSTANCES in document:
        _require_rows(document)
        tensors, answer = _from_rows(document[INSTANCES], infos), Format.ROW
    elif INPUTS in document:
        tensors, answer = _from_columns(document[INPUTS], infos), Format.COLUMN
    else:
        raise invalid_argument("Missing 'inputs' or 'instances' key")
    for name, tensor in tensors.items():
        request.inputs[name].CopyFrom(to_proto(tensor, as_content=True))
    return answer


def _require_rows(document: dict[str, Any]) -> None:
    if not isinstance(document[INSTANCES], list):
        raise format_error(document, "Expecting 'instances' to be an list/array")
    if not document[INSTANCES]:
        raise format_error(document, "No values in 'instances' array")


def _from_columns(value: Any, infos: Infos) -> dict[str, NDArray[Any]]:
    if isinstance(value, dict) and not is_base64(value):
        missing = [name for name in sorted(infos) if name not in value]
        if missing:
            raise invalid_argument(f"Missing named input: {missing[0]} in 'inputs' object.")
        return {name: to_tensor(value[name], info.dtype) for name, info in infos.items()}
    if len(infos) > 1:
        raise invalid_argument(
            "inputs is a plain value/list, but expecting an object as multiple input tensors "
            "required as per tensorinfo_map"
        )
    [(name, info)] = infos.items()
    return {name: to_tensor(value, info.dtype)}


def _from_rows(rows: list[Any], infos: Infos) -> dict[str, NDArray[Any]]:
    if not isinstance(rows[0], dict) and len(infos) > 1:
        raise invalid_argument(
            "instances is a plain list, but expecting list of objects as multiple input tensors "
            "required as per tensorinfo_map"
        )
    if _is_object(rows[0]):
        columns = _columns_of_objects(rows, infos)
        return {name: _stack(column, infos[name].dtype, name) for name, column in columns.items()}
    for index, row in enumerate(rows):
        if _is_object(row):
            raise invalid_argument(
                f"Expecting value/list but got object at item {index} of input list"
            )
    [(name, info)] = infos.items()
    return {name: _stack(rows, info.dtype)}


def _columns_of_objects(rows: list[Any], infos: Infos) -> dict[str, list[Any]]:
    for index, row in enumerate(rows):
        if not _is_object(row):
            raise invalid_argument(f"Expecting object but got list at item {index} of input list")
        unknown = [name for name in row if name not in infos]
        if unknown:
            complaint = f"JSON object: does not have named input: {unknown[0]}"
            raise _row_error(index, invalid_argument(complaint), unknown[0])
        if row.keys() != infos.keys():
            raise invalid_argument(
                f"Failed to process element: {index} of 'instances' list. JSON object: "
                f"{quote(row)} keys must be equal to: {','.join(sorted(infos))}"
            )
    return {name: [row[name] for row in rows] for name in sorted(infos)}


def _stack(values: list[Any], dtype: int, key: str = "") -> NDArray[Any]:
    """The rows' tensors as one; all must have the first one's shape."""
    try:
        # All rows at once: the list of regular rows is a regular list itself.
        return to_tensor(values, dtype)
    except ServingError:
        _require_regular_rows(values, dtype, key)
        raise


def _require_regular_rows(values: list[Any], dtype: int, key: str) -> None:
    """Raise the error of the first wrong row, with its number."""
    first: NDArray[Any] | None = None
    for index, value in enumerate(values):
        try:
            tensor = to_tensor(value, dtype)
            first = tensor if first is None else first
            _require_same_shape(first, tensor)
        except ServingError as error:
            raise _row_error(index, error, key) from error


def _require_same_shape(first: NDArray[Any], tensor: NDArray[Any]) -> None:
    if first.size != tensor.size:
        raise invalid_argument(f"Expecting tensor size: {first.size} but got: {tensor.size}")
    if first.shape != tensor.shape:
        wanted, got = (",".join(map(str, array.shape)) for array in (first, tensor))
        raise invalid_argument(f"Expecting shape [{wanted}] but got: [{got}]")


def _row_error(index: int, error: ServingError, key: str) -> ServingError:
    """`key`: of the row's object, empty where rows are plain values."""
    where = f"{index} key: {key}" if key else f"{index}"
    return invalid_argument(
        f"Failed to process element: {where} of 'instances' list. Error: {error}"
    )


def _is_object(row: Any) -> bool:
    return isinstance(row, dict) and not is_base64(row)
