from typing import Any

import grpc
import numpy as np
import pytest
from tensorflow_serving.apis import predict_pb2

from model.server.errors import ServingError
from model.server.rest.json_answers import error_json, predict_json, results_json
from model.server.rest.json_predict import Format
from model.server.tensors import to_proto

F = np.float32


def response(**outputs: Any) -> Any:
    protos = {name: to_proto(np.array(value), as_content=False) for name, value in outputs.items()}
    return predict_pb2.PredictResponse(outputs=protos)


class TestLayout:
    """To the blank, as TF Serving writes it: clients' tests compare texts."""

    def test_rows_of_one_output(self) -> None:
        answer = response(y=np.array([2.5, 3, 4.5], F))
        assert predict_json(answer, Format.ROW) == '{\n    "predictions": [2.5, 3.0, 4.5\n    ]\n}'

    def test_rows_of_several(self) -> None:
        answer = response(a=[1], b=np.array([[1, 2]], F))
        assert predict_json(answer, Format.ROW) == (
            '{\n    "predictions": [\n        {\n            "a": 1,\n'
            '            "b": [1.0, 2.0]\n        }\n    ]\n}'
        )

    def test_a_column(self) -> None:
        answer = response(y=[1, 2])
        assert predict_json(answer, Format.COLUMN) == (
            '{\n    "outputs": [\n        1,\n        2\n    ]\n}'
        )

    def test_several_columns(self) -> None:
        answer = response(a=[True], b=[])
        assert predict_json(answer, Format.COLUMN) == (
            '{\n    "outputs": {\n        "a": [\n            true\n        ],\n'
            '        "b": []\n    }\n}'
        )

    def test_results(self) -> None:
        assert results_json([[["a", F(0.5)]]]) == '{\n    "results": [[["a", 0.5]]\n    ]\n}'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (F(0.2), "0.2"),
        (F(3), "3.0"),
        (F(1 / 3), "0.333333343"),
        (F(9e6), "9e+06"),
        (F(3e-5), "3e-05"),
        (F("nan"), "NaN"),
        (F("inf"), "Infinity"),
        (-F("inf"), "-Infinity"),
        (np.float64(1 / 3), "0.33333333333333331"),
        (np.uint8(200), "200"),
    ],
)
def test_numbers(value: Any, text: str) -> None:
    assert f"[{text}\n" in predict_json(response(y=[value]), Format.ROW)


class TestStrings:
    """Text, or base64 where the output's name says that it is bytes."""

    def test_text(self) -> None:
        answer = predict_json(response(y=np.array([b'\xc3\xa4"'], object)), Format.ROW)
        assert '["ä\\""' in answer

    def test_bytes(self) -> None:
        answer = predict_json(response(y_bytes=np.array([b"\xff"], object)), Format.ROW)
        assert '"b64": "/w=="' in answer


class TestErrors:
    """Outputs without rows can only be written as columns."""

    def test_a_scalar(self) -> None:
        with pytest.raises(ServingError, match="Tensor name: y has no shape information"):
            predict_json(response(y=1), Format.ROW)

    def test_different_numbers_of_rows(self) -> None:
        with pytest.raises(ServingError, match="b has inconsistent batch size: 2 expecting: 1"):
            predict_json(response(a=[1], b=[1, 2]), Format.ROW)

    def test_messages_are_quoted(self) -> None:
        error = ServingError(grpc.StatusCode.INTERNAL, 'a "quoted"\nword')
        assert error_json(error) == '{\n    "error": "a \\"quoted\\"\\nword"\n}'
