"""The body of `:classify` and `:regress`: JSON objects to tf.Examples (util/json_tensor.cc)."""

from typing import Any

from tensorflow.core.example import example_pb2, feature_pb2

from model.server.errors import ServingError, invalid_argument
from model.server.rest.json_predict import fill_signature
from model.server.rest.json_tensors import decode_base64, is_base64
from model.server.rest.json_text import format_error, parse_object, type_name

CONTEXT = "context"
EXAMPLES = "examples"
INT64 = range(-(2**63), 2**63)


def fill_examples_request(body: bytes, request: Any) -> None:
    """Fill a ClassificationRequest or RegressionRequest, whose model_spec names the model.

    Raises:
        ServingError: INVALID_ARGUMENT.
    """
    document = parse_object(body)
    fill_signature(document, request.model_spec)
    with_context = CONTEXT in document
    if with_context:
        context = _example(document[CONTEXT])
        request.input.example_list_with_context.context.CopyFrom(context)
    examples = [_example(value) for value in _examples(document)]
    kind = request.input.example_list_with_context if with_context else request.input.example_list
    kind.examples.extend(examples)


def _examples(document: dict[str, Any]) -> list[Any]:
    if EXAMPLES not in document:
        raise format_error(
            document, "When method is classify, key 'examples' is expected and was not found"
        )
    examples = document[EXAMPLES]
    if not isinstance(examples, list):
        raise format_error(document, "Expecting 'examples' value to be an list/array")
    if not examples:
        raise format_error(document, "'examples' value is an empty array")
    return examples


def _example(value: Any) -> Any:
    if not isinstance(value, dict):
        raise invalid_argument(f"Example must be JSON object but got JSON {type_name(value)}")
    example = example_pb2.Example()
    for name, content in value.items():
        feature = example.features.feature[name]
        for item in content if isinstance(content, list) else [content]:
            _add(item, name, feature)
    return example


def _add(value: Any, name: str, feature: feature_pb2.Feature) -> None:
    match value:
        case bool():
            _require_kind(feature, "int64_list", name)
            feature.int64_list.value.append(int(value))
        case int() if value in INT64:
            _require_kind(feature, "int64_list", name)
            feature.int64_list.value.append(value)
        case int():
            raise invalid_argument(
                f"Feature: {name} has uint64_t element. Only int64_t is supported."
            )
        case float():
            _require_kind(feature, "float_list", name)
            feature.float_list.value.append(value)
        case str():
            _require_kind(feature, "bytes_list", name)
            feature.bytes_list.value.append(value.encode())
        case dict() if is_base64(value):
            _require_kind(feature, "bytes_list", name)
            feature.bytes_list.value.append(decode_base64(value))
        case _:
            raise _unexpected(value, name)


def _require_kind(feature: feature_pb2.Feature, wanted: str, name: str) -> None:
    kind = feature.WhichOneof("kind")
    if kind not in (None, wanted):
        raise invalid_argument(
            f"Unexpected element type in feature: {name} expecting type: "
            f"{kind.removesuffix('_list')}"
        )


def _unexpected(value: Any, name: str) -> ServingError:
    return invalid_argument(
        f"Feature: {name} has element with unexpected JSON type: {type_name(value)}"
    )
