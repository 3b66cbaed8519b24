import json
from typing import Any

import pytest
from tensorflow.core.framework import types_pb2
from tensorflow.core.protobuf import meta_graph_pb2
from tensorflow_serving.apis import predict_pb2

from model.server.errors import ServingError
from model.server.rest.json_predict import Format, fill_predict_request
from model.server.tensors import to_array

ONE = {"x": types_pb2.DT_FLOAT}
TWO = {"a": types_pb2.DT_INT64, "b": types_pb2.DT_INT64}


def filled(body: Any, dtypes: dict[str, int]) -> tuple[Format, dict[str, Any]]:
    infos = {name: meta_graph_pb2.TensorInfo(dtype=dtype) for name, dtype in dtypes.items()}
    request = predict_pb2.PredictRequest()
    answer = fill_predict_request(json.dumps(body).encode(), request, lambda _: infos)
    return answer, {name: to_array(tensor).tolist() for name, tensor in request.inputs.items()}


class TestRows:
    """`instances`: one value per row, or one object per row with every input."""

    @pytest.mark.parametrize(
        ("rows", "dtypes", "inputs"),
        [
            ([1, 2], ONE, {"x": [1, 2]}),
            ([[1, 2], [3, 4]], ONE, {"x": [[1, 2], [3, 4]]}),
            ([{"x": [1]}, {"x": [2]}], ONE, {"x": [[1], [2]]}),
            ([{"a": 1, "b": 2}, {"b": 4, "a": 3}], TWO, {"a": [1, 3], "b": [2, 4]}),
        ],
    )
    def test_good_ones(self, rows: Any, dtypes: Any, inputs: Any) -> None:
        assert filled({"instances": rows}, dtypes) == (Format.ROW, inputs)

    @pytest.mark.parametrize(
        ("rows", "dtypes", "complaint"),
        [
            (1, ONE, "Expecting 'instances' to be an list/array"),
            ([], ONE, "No values in 'instances' array"),
            ([1, 2], TWO, "instances is a plain list, but expecting list of objects"),
            ([1, {"x": 1}], ONE, "Expecting value/list but got object at item 1 of input list"),
            ([{"x": 1}, 1], ONE, "Expecting object but got list at item 1 of input list"),
            ([{"a": 1}], TWO, "keys must be equal to: a,b"),
            ([{"y": 1}], ONE, "element: 0 key: y of .* does not have named input: y"),
            ([{"x": 1}, {"x": "a"}], ONE, "element: 1 key: x of .* not of expected type: float"),
            ([[1], [2, 3]], ONE, "element: 1 of .* Expecting tensor size: 1 but got: 2"),
            (
                [[[1, 2]], [[1], [2]]],
                ONE,
                r"element: 1 of .* Expecting shape \[1,2\] but got: \[2,1\]",
            ),
        ],
    )
    def test_errors(self, rows: Any, dtypes: Any, complaint: str) -> None:
        with pytest.raises(ServingError, match=f"(?s)INVALID_ARGUMENT: .*{complaint}"):
            filled({"instances": rows}, dtypes)


class TestColumns:
    """`inputs`: one tensor, or an object with a tensor for every input."""

    @pytest.mark.parametrize(
        ("columns", "dtypes", "inputs"),
        [
            ([[1, 2]], ONE, {"x": [[1, 2]]}),
            ({"x": [1]}, ONE, {"x": [1]}),
            ({"a": [1, 2], "b": [3]}, TWO, {"a": [1, 2], "b": [3]}),
        ],
    )
    def test_good_ones(self, columns: Any, dtypes: Any, inputs: Any) -> None:
        assert filled({"inputs": columns}, dtypes) == (Format.COLUMN, inputs)

    @pytest.mark.parametrize(
        ("columns", "dtypes", "complaint"),
        [
            ([1], TWO, "inputs is a plain value/list, but expecting an object"),
            ({"a": 1}, TWO, "Missing named input: b in 'inputs' object"),
        ],
    )
    def test_errors(self, columns: Any, dtypes: Any, complaint: str) -> None:
        with pytest.raises(ServingError, match=complaint):
            filled({"inputs": columns}, dtypes)


@pytest.mark.parametrize(
    ("body", "dtypes", "complaint"),
    [
        ({}, ONE, "Missing 'inputs' or 'instances' key"),
        ({"inputs": 1, "instances": [1]}, ONE, "only one of 'inputs' or 'instances'"),
        ({"signature_name": 1}, ONE, "'signature_name' key must be a string"),
        ({"inputs": 1}, {}, "Failed to get input map for signature: DEFAULT"),
    ],
)
def test_bodies_that_are_neither(body: Any, dtypes: Any, complaint: str) -> None:
    with pytest.raises(ServingError, match=f"(?s){complaint}"):
        filled(body, dtypes)
