from typing import Any

import numpy as np
import pytest
from tensorflow.core.framework import types_pb2

from model.server.errors import ServingError
from model.server.rest.json_tensors import to_tensor

FLOAT, INT32, UINT8 = types_pb2.DT_FLOAT, types_pb2.DT_INT32, types_pb2.DT_UINT8
STRING, BOOL, UINT64 = types_pb2.DT_STRING, types_pb2.DT_BOOL, types_pb2.DT_UINT64


class TestValues:
    """Nested lists become arrays of the signature's type."""

    @pytest.mark.parametrize(
        ("value", "dtype", "expected"),
        [
            ([[1, 2.5], [3, 4]], FLOAT, np.array([[1, 2.5], [3, 4]], np.float32)),
            (7, INT32, np.array(7, np.int32)),
            ([[], []], FLOAT, np.zeros([2, 0], np.float32)),
            ([], INT32, np.zeros([0], np.int32)),
            ([True, False], BOOL, np.array([True, False])),
            ([2**64 - 1], UINT64, np.array([2**64 - 1], np.uint64)),
            ([255, 256], UINT8, np.array([255, 0], np.uint8)),
            ([1e300], FLOAT, np.array([np.inf], np.float32)),
        ],
    )
    def test_numbers(self, value: Any, dtype: int, expected: Any) -> None:
        tensor = to_tensor(value, dtype)
        assert tensor.dtype == expected.dtype
        np.testing.assert_array_equal(tensor, expected)

    def test_strings_and_bytes(self) -> None:
        tensor = to_tensor([["ä", {"b64": "AP8="}], [{"b64": "AP8"}, ""]], STRING)
        assert tensor.tolist() == [["ä".encode(), b"\x00\xff"], [b"\x00\xff", b""]]


class TestErrors:
    """The first wrong value, and what it should have been."""

    @pytest.mark.parametrize(
        ("value", "dtype", "complaint"),
        [
            ([1, "2"], FLOAT, 'JSON Value: "2" Type: String is not of expected type: float'),
            ([1, True], FLOAT, "JSON Value: true Type: True is not of expected type: float"),
            ([None], FLOAT, "JSON Value: null Type: Null is not of expected type: float"),
            ([1.5], INT32, r"JSON Value: 1\.5 Type: Number is not of expected type: int32"),
            ([2**31], INT32, "Type: Number is not of expected type: int32"),
            ([-1], UINT64, "JSON Value: -1 Type: Number is not of expected type: uint64"),
            ([1], BOOL, "JSON Value: 1 Type: Number is not of expected type: bool"),
            ([1], STRING, "JSON Value: 1 Type: Number is not of expected type: string"),
            ({"a": 1}, FLOAT, "Type: Object is not of expected type: float"),
            ({"a": 1}, STRING, "not formatted correctly for base64 data"),
            ([{"b64": "!!"}], STRING, "Unable to base64 decode"),
            ([[1, 2], [3]], FLOAT, "unexpected size: 1 at level: 1 expected size: 2"),
            ([1, [2]], FLOAT, "unexpected level: 1 expected < 1"),
            ([[1], 2], FLOAT, r"found at incorrect level: 2 in the JSON DOM. Expected at level: 2"),
        ],
    )
    def test_wrong_values(self, value: Any, dtype: int, complaint: str) -> None:
        with pytest.raises(ServingError, match=f"(?s)INVALID_ARGUMENT: .*{complaint}"):
            to_tensor(value, dtype)

    def test_a_type_that_json_has_not(self) -> None:
        with pytest.raises(
            ServingError, match="UNIMPLEMENTED: Conversion of JSON Value: 1 to type"
        ):
            to_tensor([1], types_pb2.DT_COMPLEX64)
