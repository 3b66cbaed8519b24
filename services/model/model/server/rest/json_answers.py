"""Answers as JSON, in the very layout of the real server (util/json_tensor.cc)."""

import base64
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from google.protobuf import json_format
from numpy.typing import NDArray
from tensorflow_serving.apis import get_model_metadata_pb2

from model.server.errors import ServingError, invalid_argument
from model.server.inference import SIGNATURE_DEF
from model.server.rest.json_predict import Format
from model.server.rest.json_text import INDENT
from model.server.tensors import to_array

BYTES_SUFFIX = "_bytes"


def predict_json(response: Any, answer: Format) -> str:
    """A PredictResponse as `predictions` (rows) or `outputs` (columns).

    Raises:
        ServingError: INVALID_ARGUMENT: outputs that can't be written as rows.
    """
    outputs = {name: to_array(tensor) for name, tensor in sorted(response.outputs.items())}
    return _rows_json(outputs) if answer is Format.ROW else _columns_json(outputs)


def results_json(results: list[Any]) -> str:
    """Classifications (pairs of label and score) or regressions (numbers)."""
    lines = [_line(result) for result in results]
    return f'{{\n{INDENT}"results": [{", ".join(lines)}\n{INDENT}]\n}}'


def classification_results(result: Any) -> list[Any]:
    return [
        [[each.label, np.float32(each.score)] for each in entry.classes]
        for entry in result.classifications
    ]


def regression_results(result: Any) -> list[Any]:
    return [np.float32(each.value) for each in result.regressions]


def status_json(response: Any) -> str:
    """64-bit integers are strings, and empty fields are there: protobuf's rules."""
    return json_format.MessageToJson(
        response,
        always_print_fields_with_no_presence=True,
        preserving_proto_field_name=True,
        indent=1,
    )


def metadata_json(response: Any) -> str:
    signatures = get_model_metadata_pb2.SignatureDefMap()
    response.metadata[SIGNATURE_DEF].Unpack(signatures)
    return (
        f'{{\n"model_spec":{status_json(response.model_spec)},\n'
        f'"metadata": {{"signature_def": {status_json(signatures)}}}\n}}\n'
    )


def error_json(error: ServingError) -> str:
    return f'{{\n{INDENT}"error": {json.dumps(error.message, ensure_ascii=False)}\n}}'


def _rows_json(outputs: Mapping[str, NDArray[Any]]) -> str:
    count = _batch_size(outputs)
    if len(outputs) == 1:
        [(name, array)] = outputs.items()
        values = [_line(_plain(name, array[row])) for row in range(count)]
        return f'{{\n{INDENT}"predictions": [{", ".join(values)}\n{INDENT}]\n}}'
    inner = INDENT * 2
    rows = [
        f"\n{inner}{{{_members(outputs, row, inner + INDENT)}\n{inner}}}" for row in range(count)
    ]
    return f'{{\n{INDENT}"predictions": [{",".join(rows)}\n{INDENT}]\n}}'


def _members(outputs: Mapping[str, NDArray[Any]], row: int, indent: str) -> str:
    return ",".join(
        f"\n{indent}{json.dumps(name)}: {_line(_plain(name, array[row]))}"
        for name, array in outputs.items()
    )


def _columns_json(outputs: Mapping[str, NDArray[Any]]) -> str:
    values = [
        (name, "".join(_pretty(_plain(name, array), INDENT * min(len(outputs), 2))))
        for name, array in outputs.items()
    ]
    if len(values) == 1:
        return f'{{\n{INDENT}"outputs": {values[0][1]}\n}}'
    members = ",".join(f"\n{INDENT * 2}{json.dumps(name)}: {text}" for name, text in values)
    return f'{{\n{INDENT}"outputs": {{{members}\n{INDENT}}}\n}}'


def _batch_size(outputs: Mapping[str, NDArray[Any]]) -> int:
    sizes: list[int] = []
    for name, array in outputs.items():
        if not array.ndim:
            raise invalid_argument(f"Tensor name: {name} has no shape information ")
        if sizes and sizes[0] != len(array):
            raise invalid_argument(
                f"Tensor name: {name} has inconsistent batch size: {len(array)} "
                f"expecting: {sizes[0]}"
            )
        sizes.append(len(array))
    return sizes[0]


def _plain(name: str, value: Any) -> Any:
    """Nested lists of numpy scalars, or bytes: as text, or base64 for outputs called `*_bytes`."""
    if isinstance(value, np.ndarray):
        return [_plain(name, item) for item in value]
    if isinstance(value, bytes):
        if name.endswith(BYTES_SUFFIX):
            return {"b64": base64.b64encode(value).decode()}
        return value.decode(errors="replace")
    return value


def _line(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_line, value))}]"
    return _scalar(value)


def _pretty(value: Any, indent: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield _scalar(value)
    elif not value:
        yield "[]"
    else:
        inner = indent + INDENT
        yield "["
        for index, item in enumerate(value):
            yield f"{',' if index else ''}\n{inner}"
            yield from _pretty(item, inner)
        yield f"\n{indent}]"


def _scalar(value: Any) -> str:
    if isinstance(value, np.floating):
        return _decimal(value)
    if isinstance(value, np.generic):
        value = value.item()
    return json.dumps(value, ensure_ascii=False)


def _decimal(value: "np.floating[Any]") -> str:
    """Six digits if they read back as the same number, else all; never like an integer."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    text = f"{value:.6g}"
    if type(value)(text) != value:
        text = f"{value:.{9 if value.itemsize <= 4 else 17}g}"
    return text if "." in text or "e" in text else f"{text}.0"
