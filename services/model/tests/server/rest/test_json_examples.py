import json
from typing import Any

import pytest
from tensorflow_serving.apis import classification_pb2

from model.server.errors import ServingError
from model.server.rest.json_examples import fill_examples_request


def filled(**body: Any) -> Any:
    request = classification_pb2.ClassificationRequest()
    fill_examples_request(json.dumps(body).encode(), request)
    return request


class TestFeatures:
    """Integers, numbers with a fraction, and strings or bytes; alone or in a list."""

    def feature(self, value: Any) -> Any:
        [example] = filled(examples=[{"f": value}]).input.example_list.examples
        return example.features.feature["f"]

    def test_integers(self) -> None:
        assert list(self.feature([1, True]).int64_list.value) == [1, 1]

    def test_numbers(self) -> None:
        assert list(self.feature(2.5).float_list.value) == [2.5]

    def test_strings_and_bytes(self) -> None:
        assert list(self.feature(["a", {"b64": "Yg=="}]).bytes_list.value) == [b"a", b"b"]

    @pytest.mark.parametrize(
        ("value", "complaint"),
        [
            ([1, 2.5], "Unexpected element type in feature: f expecting type: int64"),
            (2**63, "Feature: f has uint64_t element"),
            (None, "Feature: f has element with unexpected JSON type: Null"),
            ([[1]], "Feature: f has element with unexpected JSON type: Array"),
            ({"a": 1}, "Feature: f has element with unexpected JSON type: Object"),
        ],
    )
    def test_errors(self, value: Any, complaint: str) -> None:
        with pytest.raises(ServingError, match=complaint):
            self.feature(value)


def test_a_context_belongs_to_all_examples() -> None:
    kind = filled(context={"c": 1}, examples=[{"f": 2}, {"f": 3}]).input.example_list_with_context
    assert list(kind.context.features.feature["c"].int64_list.value) == [1]
    assert len(kind.examples) == 2


def test_the_signature() -> None:
    assert filled(signature_name="s", examples=[{}]).model_spec.signature_name == "s"


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({}, "key 'examples' is expected and was not found"),
        ({"examples": 1}, "Expecting 'examples' value to be an list/array"),
        ({"examples": []}, "'examples' value is an empty array"),
        ({"examples": [1]}, "Example must be JSON object but got JSON Number"),
    ],
)
def test_errors(body: Any, complaint: str) -> None:
    with pytest.raises(ServingError, match=f"(?s){complaint}"):
        filled(**body)
