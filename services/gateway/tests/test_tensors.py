"""Tensors as TensorFlow's messages carry them."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from gateway.tensors import numpy_dtype, to_array, to_proto, to_texts
from stub_model import texts
from tensorflow.core.framework import tensor_pb2, types_pb2


class TestNumbers:
    """Arrays go as raw bytes, and are understood as raw bytes or as a typed field."""

    @pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64, np.float32, np.float64])
    def test_there_and_back(self, dtype: type) -> None:
        array: npt.NDArray[Any] = np.arange(24, dtype=dtype).reshape(2, 3, 4)
        proto = to_proto(array)
        assert len(proto.tensor_content) == array.nbytes
        np.testing.assert_array_equal(to_array(proto), array)
        assert to_array(proto).dtype == dtype

    def test_reversed_view_keeps_its_order(self) -> None:
        view = np.arange(6, dtype=np.uint8).reshape(2, 3)[:, ::-1]
        np.testing.assert_array_equal(to_array(to_proto(view)), [[2, 1, 0], [5, 4, 3]])

    @pytest.mark.parametrize(
        ("data_type", "field", "values"),
        [
            (types_pb2.DT_FLOAT, "float_val", [0.5, 0.25]),
            (types_pb2.DT_DOUBLE, "double_val", [0.5, 0.25]),
            (types_pb2.DT_INT32, "int_val", [-1, 2]),
            (types_pb2.DT_INT64, "int64_val", [-1, 2**40]),
        ],
    )
    def test_typed_field(self, data_type: int, field: str, values: list[float]) -> None:
        proto = tensor_pb2.TensorProto(dtype=data_type, **{field: values})
        proto.tensor_shape.dim.add(size=2)
        assert to_array(proto).tolist() == values

    def test_too_few_numbers_for_the_shape(self) -> None:
        proto = to_proto(np.zeros(4, np.float32))
        proto.tensor_shape.dim[0].size = 5
        with pytest.raises(ValueError, match="reshape"):
            to_array(proto)

    def test_other_types_have_no_numbers(self) -> None:
        assert numpy_dtype(types_pb2.DT_STRING) is None
        with pytest.raises(ValueError, match="no numbers"):
            to_array(texts([["a"]]))


class TestTexts:
    """String tensors become texts, row by row."""

    def test_texts(self) -> None:
        assert to_texts(texts([["zéro", "un"]])) == ["zéro", "un"]

    def test_too_few_texts_for_the_shape(self) -> None:
        proto = texts([["a", "b"]])
        proto.string_val.pop()
        with pytest.raises(ValueError, match="don't fill"):
            to_texts(proto)

    def test_numbers_are_no_texts(self) -> None:
        with pytest.raises(ValueError, match="no texts"):
            to_texts(to_proto(np.zeros(1, np.int32)))
