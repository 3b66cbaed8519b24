"""Between numpy arrays and TensorFlow's TensorProto."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorflow.core.framework import tensor_pb2, types_pb2


@dataclass(frozen=True)
class _Encoding:
    """How TensorProto carries one data type: as raw bytes, or in a repeated field of its own."""

    enum: int
    field: str


# The types that images, scores and descriptions have (TensorFlow: core/framework/tensor.proto).
_ENCODINGS: dict[np.dtype[Any], _Encoding] = {
    np.dtype(np.uint8): _Encoding(types_pb2.DT_UINT8, "int_val"),
    np.dtype(np.int32): _Encoding(types_pb2.DT_INT32, "int_val"),
    np.dtype(np.int64): _Encoding(types_pb2.DT_INT64, "int64_val"),
    np.dtype(np.float32): _Encoding(types_pb2.DT_FLOAT, "float_val"),
    np.dtype(np.float64): _Encoding(types_pb2.DT_DOUBLE, "double_val"),
}
_DTYPES = {encoding.enum: dtype for dtype, encoding in _ENCODINGS.items()}


def numpy_dtype(data_type: int) -> np.dtype[Any] | None:
    """The numpy type of a TensorFlow DataType, or None if it isn't one of the numeric ones."""
    return _DTYPES.get(data_type)


def to_proto(array: npt.NDArray[Any]) -> tensor_pb2.TensorProto:
    """A numeric array as `tensor_content`: raw, row-major, little-endian as on every server."""
    proto = tensor_pb2.TensorProto(
        dtype=_ENCODINGS[array.dtype].enum, tensor_content=array.tobytes()
    )
    for size in array.shape:
        proto.tensor_shape.dim.add(size=size)
    return proto


def to_array(proto: tensor_pb2.TensorProto) -> npt.NDArray[Any]:
    """A tensor of numbers as an array; raises ValueError if it contradicts itself."""
    dtype = numpy_dtype(proto.dtype)
    if dtype is None:
        raise ValueError(f"a tensor of type {proto.dtype} has no numbers")
    if proto.tensor_content:
        values = np.frombuffer(proto.tensor_content, dtype)
    else:
        values = np.fromiter(getattr(proto, _ENCODINGS[dtype].field), dtype)
    return values.reshape(_shape(proto))


def to_texts(proto: tensor_pb2.TensorProto) -> list[str]:
    """The texts of a string tensor, row by row; raises ValueError if it holds something else."""
    if proto.dtype != types_pb2.DT_STRING:
        raise ValueError(f"a tensor of type {proto.dtype} has no texts")
    texts = [value.decode() for value in proto.string_val]
    if len(texts) != math.prod(_shape(proto)):
        raise ValueError(f"{len(texts)} texts don't fill the shape {_shape(proto)}")
    return texts


def _shape(proto: tensor_pb2.TensorProto) -> Sequence[int]:
    return [dim.size for dim in proto.tensor_shape.dim]
