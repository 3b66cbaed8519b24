"""Tensors cross the wire in any of the two forms of TensorProto, unchanged."""

from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.framework import tensor_pb2, types_pb2

from model.server.tensors import dtype_name, to_array, to_proto

ARRAYS = [
    np.array([[1, 2], [3, 255]], np.uint8),
    np.array([-1, 2], np.int8),
    np.array([1, 2], np.uint16),
    np.array([-(2**31), 7], np.int32),
    np.array([2**62], np.int64),
    np.array([2**32 - 1], np.uint32),
    np.array([2**64 - 1], np.uint64),
    np.array([0.1, np.inf], np.float32),
    np.array([0.1], np.float64),
    np.array([0.5, 1.5], np.float16),
    np.array([1 + 2j], np.complex64),
    np.array([True, False]),
    np.array([b"zero", b"\xff"], object),
    np.zeros([0, 3], np.float32),
    np.array(5, np.int32),
]


def ids(value: object) -> str | None:
    return f"{value.dtype}{list(value.shape)}" if isinstance(value, np.ndarray) else None


@pytest.mark.parametrize("as_content", [False, True])
@pytest.mark.parametrize("array", ARRAYS, ids=ids)
def test_both_forms_are_read_back(array: np.ndarray[Any, Any], as_content: bool) -> None:
    decoded = to_array(to_proto(array, as_content=as_content))
    assert decoded.dtype == array.dtype
    assert decoded.tolist() == array.tolist()


@pytest.mark.parametrize("array", ARRAYS, ids=ids)
def test_tensorflow_reads_what_is_written(array: np.ndarray[Any, Any]) -> None:
    assert tf.make_ndarray(to_proto(array, as_content=False)).tolist() == array.tolist()


def test_the_typed_field_is_the_default() -> None:
    proto = to_proto(np.array([1, 2], np.float32), as_content=False)
    assert (list(proto.float_val), proto.tensor_content) == ([1.0, 2.0], b"")


def test_one_value_fills_the_shape() -> None:
    proto = tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT, float_val=[2.5])
    proto.tensor_shape.dim.add(size=3)
    assert to_array(proto).tolist() == [2.5, 2.5, 2.5]


@pytest.mark.parametrize(
    ("dtype", "sizes", "content"),
    [
        (types_pb2.DT_UINT8, [2, 2], b"123"),
        (types_pb2.DT_FLOAT, [1], b"123"),
        (types_pb2.DT_FLOAT, [-1], b"1234"),
        (types_pb2.DT_INVALID, [1], b"1"),
        (types_pb2.DT_RESOURCE, [1], b"1"),
        (types_pb2.DT_UINT8, [2**40, 2**40], b""),
    ],
    ids=["too short", "half a float", "negative size", "no dtype", "resource", "too large"],
)
def test_contradictions_are_refused(dtype: int, sizes: list[int], content: bytes) -> None:
    proto = tensor_pb2.TensorProto(dtype=dtype, tensor_content=content)
    for size in sizes:
        proto.tensor_shape.dim.add(size=size)
    with pytest.raises(ValueError, match=r"."):
        to_array(proto)


def test_an_unknown_rank_is_refused() -> None:
    proto = tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT, float_val=[1])
    proto.tensor_shape.unknown_rank = True
    with pytest.raises(ValueError, match="unknown rank"):
        to_array(proto)


def test_dtypes_have_the_names_of_tensorflow() -> None:
    dtypes = (types_pb2.DT_FLOAT, types_pb2.DT_UINT8, types_pb2.DT_STRING)
    assert [dtype_name(dtype) for dtype in dtypes] == ["float", "uint8", "string"]
