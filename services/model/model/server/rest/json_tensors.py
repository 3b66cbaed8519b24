"""JSON values to tensors: arrays with the dtype and shape that the JSON has.

Rules and messages of util/json_tensor.cc. The common case, a regular nest of lists of plain
values, is converted as a whole; anything else is walked through value by value, for its error.
"""

import base64
import binascii
from itertools import chain
from typing import Any

import grpc
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow.core.framework import types_pb2

from model.server.errors import ServingError, invalid_argument
from model.server.rest.json_text import format_error, quote, type_error
from model.server.tensors import dtype_name

B64 = "b64"

_INT32 = range(-(2**31), 2**31)
_INTEGERS = {
    types_pb2.DT_INT8: _INT32,
    types_pb2.DT_INT16: _INT32,
    types_pb2.DT_INT32: _INT32,
    types_pb2.DT_UINT8: _INT32,
    types_pb2.DT_INT64: range(-(2**63), 2**63),
    types_pb2.DT_UINT32: range(2**32),
    types_pb2.DT_UINT64: range(2**64),
}
_FLOATS = frozenset({types_pb2.DT_FLOAT, types_pb2.DT_DOUBLE})


def to_tensor(value: Any, dtype: int) -> NDArray[Any]:
    """An array of the TensorFlow dtype; strings become bytes in an object array.

    Raises:
        ServingError: INVALID_ARGUMENT: ragged lists, or values of another type; UNIMPLEMENTED: a
            dtype that JSON can't express.
    """
    shape = _shape(value)
    values = _regular_values(value, len(shape))
    if values is None or not _all_fit(values, dtype):
        values = list(_walk(value, shape, 0, dtype))
    if dtype == types_pb2.DT_STRING:
        array = np.empty(len(values), dtype=object)
        array[:] = [v.encode() if isinstance(v, str) else v for v in values]
        return array.reshape(shape)
    numpy_dtype = tf.as_dtype(dtype).as_numpy_dtype
    if dtype in _INTEGERS:
        # Through 64 bits: what doesn't fit into 8 wraps, as in the real server.
        wide = np.uint64 if dtype == types_pb2.DT_UINT64 else np.int64
        return np.array(values, wide).astype(numpy_dtype).reshape(shape)
    with np.errstate(over="ignore"):  # a double too large for a float is infinite
        return np.array(values, numpy_dtype).reshape(shape)


def is_base64(value: Any) -> bool:
    """Whether it is an object with the one key `b64`: bytes."""
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get(B64), str)


def decode_base64(value: Any) -> bytes:
    """Raises ServingError INVALID_ARGUMENT."""
    if not is_base64(value):
        raise format_error(value, "not formatted correctly for base64 data")
    text = value[B64]
    try:
        # Padding may be left out.
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid_argument("Unable to base64 decode") from error


def _shape(value: Any) -> list[int]:
    """By the first elements."""
    shape = []
    while isinstance(value, list):
        shape.append(len(value))
        value = value[0] if value else None
    return shape


def _regular_values(value: Any, rank: int) -> list[Any] | None:
    """All values of a nest of `rank` levels, in order; None if it is irregular."""
    values = [value]
    for _ in range(rank):
        if set(map(type, values)) != {list} or len(set(map(len, values))) != 1:
            return None
        values = list(chain.from_iterable(values))
    return values


def _all_fit(values: list[Any], dtype: int) -> bool:
    types = set(map(type, values))
    if dtype in _FLOATS:
        return types <= {int, float}
    if dtype in _INTEGERS:
        allowed = _INTEGERS[dtype]
        return types <= {int} and (
            not values or (min(values) in allowed and max(values) in allowed)
        )
    if dtype == types_pb2.DT_STRING:
        return types <= {str}
    return dtype == types_pb2.DT_BOOL and types <= {bool}


def _walk(value: Any, shape: list[int], level: int, dtype: int) -> Any:
    """Yield the values one by one, and raise where one is wrong."""
    if not isinstance(value, list):
        if level != len(shape):
            raise format_error(
                value,
                f"found at incorrect level: {level + 1} in the JSON DOM. "
                f"Expected at level: {len(shape)}",
            )
        yield _scalar(value, dtype)
        return
    if level >= len(shape):
        raise invalid_argument(
            f"Encountered list at unexpected level: {level} expected < {len(shape)}"
        )
    if len(value) != shape[level]:
        raise invalid_argument(
            f"Encountered list at unexpected size: {len(value)} at level: {level} "
            f"expected size: {shape[level]}"
        )
    for item in value:
        yield from _walk(item, shape, level + 1, dtype)


def _scalar(value: Any, dtype: int) -> Any:
    if isinstance(value, dict):
        if dtype == types_pb2.DT_STRING:
            return decode_base64(value)
        raise type_error(value, dtype_name(dtype))
    if dtype not in _FLOATS | _INTEGERS.keys() | {types_pb2.DT_STRING, types_pb2.DT_BOOL}:
        raise _unimplemented(value, dtype)
    if not _all_fit([value], dtype):
        raise type_error(value, dtype_name(dtype))
    return value


def _unimplemented(value: Any, dtype: int) -> ServingError:
    message = f"Conversion of JSON Value: {quote(value)} to type: {dtype_name(dtype)}"
    return ServingError(grpc.StatusCode.UNIMPLEMENTED, message)
