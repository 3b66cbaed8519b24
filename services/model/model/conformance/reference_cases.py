"""The rows that need the reference model: labels, several versions, strings, examples, deadlines,
and what batching refuses (batching/batching_session.cc)."""

import json
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.core.example import example_pb2
from tensorflow_serving.apis import (
    classification_pb2,
    get_model_status_pb2,
    inference_pb2,
    input_pb2,
    regression_pb2,
)

from model.conformance.case import HTTP_OK, OK, Case
from model.conformance.predict_cases import INVALID, UNKNOWN, grpc_case, predict_request
from model.conformance.reference_model import LABELS, VERSIONS
from model.conformance.rest_cases import BAD_REQUEST, metrics_case, rest_case
from model.conformance.subject import Subject

PREDICT = "PredictionService/Predict"
CLASSIFY_METHOD = "tensorflow/serving/classify"
REGRESS_METHOD = "tensorflow/serving/regress"
# More steps than a machine makes in the time, but not so many that a server which goes on with the
# run is busy for ever.
STEPS = 1_000_000
DEADLINE_SECONDS = 0.3
# A busy server may notice a deadline, and count it, well after the client.
COUNTING_SECONDS = 5.0


def reference_grpc_cases(subject: Subject) -> list[Case]:
    return [
        *_version_cases(subject),
        *_signature_cases(subject),
        *_classify_cases(subject),
        *_regress_cases(subject),
        *_multi_inference_cases(subject),
    ]


def batching_cases(subject: Subject, max_batch_size: int) -> list[Case]:
    """For a server with batching; `max_batch_size` as in its parameters."""
    rows = max_batch_size + 1
    too_large = {"x": tf.make_tensor_proto(np.zeros([rows, 2], np.float32))}
    unequal = {"a": tf.make_tensor_proto(np.zeros([2], np.int64)),
               "b": tf.make_tensor_proto(np.zeros([1], np.int64))}  # fmt: skip
    return [
        grpc_case("more rows than a batch may have", PREDICT,
                  predict_request(subject, inputs=too_large), INVALID,
                  f"Task size {rows} is larger than maximum input batch size {max_batch_size}"),
        grpc_case("inputs of different lengths", PREDICT,
                  predict_request(subject, inputs=unequal, signature_name="add"), INVALID,
                  r"Batching Run\(\) input tensors must have equal 0th-dimension size"),
    ]  # fmt: skip


def reference_rest_cases(subject: Subject) -> list[Case]:
    base = f"/v1/models/{subject.model}"

    def row(
        name: str, path: str, body: Any, code: str, expected: Any = None, wanted: str = ""
    ) -> Case:
        def is_expected(text: str) -> bool:
            return bool(json.loads(text) == expected)

        check = {} if expected is None else {"check": is_expected}
        return rest_case("POST", f"{base}{path}", code, wanted, name=name,
                         body=json.dumps(body), **check)  # fmt: skip

    pair = [[1.0, 2.0]]
    examples = {"examples": [{"x": 2.5}]}
    return [
        metrics_case("the server ended the run at the deadline, not its client alone",
                     f':request_count{{model_name="{subject.model}",status="DEADLINE_EXCEEDED"}}',
                     patience_seconds=COUNTING_SECONDS),
        row("a label", "/labels/stable:predict", {"inputs": pair}, HTTP_OK,
            {"outputs": {"scaled": pair, "total": [3.0]}}),
        row("rows of several outputs", ":predict", {"instances": [[1.0, 2.0], [0.5, 0.25]]},
            HTTP_OK, {"predictions": [{"scaled": [2.0, 4.0], "total": 3.0},
                                      {"scaled": [1.0, 0.5], "total": 0.75}]}),
        row("rows of one output", ":predict",
            {"signature_name": "add", "instances": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]},
            HTTP_OK, {"predictions": [3, 7]}),
        row("a column of one output", ":predict",
            {"signature_name": "add", "inputs": {"a": [1, 3], "b": [2, 4]}},
            HTTP_OK, {"outputs": [3, 7]}),
        row("strings and bytes", ":predict",
            {"signature_name": "shout", "instances": ["ab", {"b64": "Y2Q="}]}, HTTP_OK,
            {"predictions": [{"shouted": "AB", "shouted_bytes": {"b64": "QUI="}},
                             {"shouted": "CD", "shouted_bytes": {"b64": "Q0Q="}}]}),
        row("no base64", ":predict", {"signature_name": "shout", "inputs": [{"b64": "?"}]},
            BAD_REQUEST, wanted="Unable to base64 decode"),
        row("another type", ":predict", {"instances": [["x", 2]]}, BAD_REQUEST,
            wanted=r'.*JSON Value: "x" Type: String is not of expected type: float'),
        row("a ragged list", ":predict", {"inputs": [[1.0, 2.0], [1.0]]}, BAD_REQUEST,
            wanted="Encountered list at unexpected size: 1 at level: 1 expected size: 2"),
        row("rows of different shapes", ":predict", {"instances": [[1.0, 2.0], [1.0]]},
            BAD_REQUEST, wanted="Failed to process element: 1 of 'instances' list. Error: "
            "INVALID_ARGUMENT: Expecting tensor size: 2 but got: 1"),
        row("a plain value for two inputs", ":predict",
            {"signature_name": "add", "inputs": [1]}, BAD_REQUEST,
            wanted="inputs is a plain value/list, but expecting an object as multiple .*"),
        row("missing keys", ":predict", {"signature_name": "add", "instances": [{"a": 1}]},
            BAD_REQUEST, wanted=".* keys must be equal to: a,b"),
        row("a graph's own error", ":predict", {"signature_name": "fold", "inputs": pair},
            BAD_REQUEST, wanted="Input to reshape is a tensor with 2 values, .*"),
        row("classes and scores", ":classify", examples | {"signature_name": "classify"},
            HTTP_OK, {"results": [[["low", -2.5], ["high", 2.5]]]}),
        row("numbers", ":regress", examples | {"signature_name": "regress"},
            HTTP_OK, {"results": [5.0]}),
        row("a context", ":regress",
            {"signature_name": "regress", "context": {"x": 2.5}, "examples": [{}]},
            HTTP_OK, {"results": [5.0]}),
        row("no examples", ":regress", {"signature_name": "regress"}, BAD_REQUEST,
            wanted=".*key 'examples' is expected and was not found"),
        row("an example that is none", ":regress",
            {"signature_name": "regress", "examples": [1]}, BAD_REQUEST,
            wanted="Example must be JSON object but got JSON Number"),
    ]  # fmt: skip


def _version_cases(subject: Subject) -> list[Case]:
    """model_servers/server_core.cc: ServableRequestFromModelSpec"""
    lowest, highest = min(VERSIONS), max(VERSIONS)
    ones = {"x": tf.make_tensor_proto(np.ones([1, 2], np.float32))}

    def row(name: str, factor: int, **spec: Any) -> Case:
        def is_from(body: Any) -> bool:
            # The typed field, which is where answers are by default.
            return (body.model_spec.version.value, list(body.outputs["scaled"].float_val)) == (
                factor,
                [factor, factor],
            )

        request = predict_request(subject, inputs=ones, **spec)
        return grpc_case(name, PREDICT, request, OK, check=is_from)

    status = get_model_status_pb2.GetModelStatusRequest(model_spec={"name": subject.model})
    return [
        row("the highest version answers", highest),
        row("a version that isn't the highest", lowest, version={"value": lowest}),
        *(row(f"label {label}", version, version_label=label) for label, version in LABELS.items()),
        grpc_case("both versions", "ModelService/GetModelStatus", status, OK,
                  check=lambda body: [each.version for each in body.model_version_status]
                  == sorted(VERSIONS, reverse=True)),
    ]  # fmt: skip


def _signature_cases(subject: Subject) -> list[Case]:
    def row(
        name: str, signature: str, inputs: Any, code: str, wanted: str = "", **more: Any
    ) -> Case:
        tensors = {key: tf.make_tensor_proto(value) for key, value in inputs.items()}
        request = predict_request(subject, inputs=tensors, signature_name=signature)
        return grpc_case(name, PREDICT, request, code, wanted, **more)

    pair = np.ones([1, 2], np.float32)
    return [
        row("strings", "shout", {"text": ["ab"]}, OK,
            check=lambda body: list(body.outputs["shouted"].string_val) == [b"AB"]),
        row("two inputs", "add", {"a": np.array([1]), "b": np.array([2])}, OK,
            check=lambda body: list(body.outputs["sum"].int64_val) == [3]),
        row("a graph's own error", "fold", {"x": pair}, INVALID,
            "Input to reshape is a tensor with 2 values, .*"),
        row("an unknown one among two inputs", "add", {"a": np.array([1]), UNKNOWN: pair}, INVALID,
            "Signature input alias: b.*not found in request.*"),
        row("the deadline ends the run", "count",
            {"limit": np.array([STEPS], np.int32)}, "DEADLINE_EXCEEDED",
            timeout_seconds=DEADLINE_SECONDS),
    ]  # fmt: skip


def _examples(*numbers: float) -> input_pb2.Input:
    examples = input_pb2.Input()
    for number in numbers:
        example = example_pb2.Example()
        example.features.feature["x"].float_list.value.append(number)
        examples.example_list.examples.append(example)
    return examples


def _classify_cases(subject: Subject) -> list[Case]:
    """servables/tensorflow/classifier.cc"""

    def row(name: str, examples: Any, code: str, wanted: str = "", **more: Any) -> Case:
        request = classification_pb2.ClassificationRequest(
            model_spec={"name": subject.model, "signature_name": "classify"}, input=examples
        )
        return grpc_case(name, "PredictionService/Classify", request, code, wanted, **more)

    def is_classified(body: Any) -> bool:
        [low, high] = body.result.classifications[1].classes
        return (low.label, low.score, high.label, high.score) == ("low", -2.0, "high", 2.0)

    return [
        row("classes and scores", _examples(1.0, 2.0), OK, check=is_classified),
        row("the answer says which signature", _examples(1.0), OK,
            check=lambda body: body.model_spec.signature_name == "classify"),
        row("no example", input_pb2.Input(), INVALID, r"Input is empty\."),
    ]  # fmt: skip


def _regress_cases(subject: Subject) -> list[Case]:
    """servables/tensorflow/regressor.cc"""

    def row(name: str, signature: str, code: str, wanted: str = "", **more: Any) -> Case:
        request = regression_pb2.RegressionRequest(
            model_spec={"name": subject.model, "signature_name": signature}, input=_examples(2.5)
        )
        return grpc_case(name, "PredictionService/Regress", request, code, wanted, **more)

    return [
        row("numbers", "regress", OK,
            check=lambda body: [each.value for each in body.result.regressions] == [5.0]),
        row("a signature that classifies", "classify", INVALID, r"Expected one output Tensor\."),
    ]  # fmt: skip


def _multi_inference_cases(subject: Subject) -> list[Case]:
    """servables/tensorflow/multi_inference.cc"""

    def row(
        name: str, tasks: list[tuple[str, str]], code: str, wanted: str = "", **more: Any
    ) -> Case:
        request = inference_pb2.MultiInferenceRequest(input=_examples(2.5))
        for signature, method in tasks:
            spec = {"name": subject.model, "signature_name": signature}
            request.tasks.add(model_spec=spec, method_name=method)
        return grpc_case(name, "PredictionService/MultiInference", request, code, wanted, **more)

    def has_both(body: Any) -> bool:
        classified, regressed = body.results
        label = classified.classification_result.classifications[0].classes[0].label
        return (label, regressed.regression_result.regressions[0].value) == ("low", 5.0)

    return [
        row("a classification and a regression",
            [("classify", CLASSIFY_METHOD), ("regress", REGRESS_METHOD)], OK, check=has_both),
        row("a signature twice", [("regress", REGRESS_METHOD)] * 2, INVALID,
            "Duplicate evaluation of signature: regress"),
        row("an unknown signature", [(UNKNOWN, REGRESS_METHOD)], INVALID,
            f"Requested signature not found in model graph: {UNKNOWN}"),
        row("another method", [("regress", "tensorflow/serving/predict")], "UNIMPLEMENTED",
            "Unsupported signature method_name: tensorflow/serving/predict"),
    ]  # fmt: skip
