"""The rows for Predict that any model answers; where each rule comes from stands at its group."""

import re
from typing import Any

from google.protobuf.message import Message
from tensorflow.core.framework import tensor_pb2, types_pb2
from tensorflow_serving.apis import predict_pb2

from model.conformance.case import OK, Case, GrpcRequest
from model.conformance.subject import DEFAULT_SIGNATURE, Subject

INVALID = "INVALID_ARGUMENT"
NOT_FOUND = "NOT_FOUND"
UNKNOWN = "no-such-thing"
MISSING_VERSION = 987654321
# Longer messages are cut (model_servers/grpc_status_util.cc).
MAX_MESSAGE_LENGTH = 1024


def predict_cases(subject: Subject) -> list[Case]:
    return [*_model_cases(subject), *_tensor_cases(subject)]


def predict_request(
    subject: Subject, *, inputs: Any = None, output_filter: tuple[str, ...] = (), **spec: Any
) -> predict_pb2.PredictRequest:
    """A valid request, but for what is given."""
    request = predict_pb2.PredictRequest(
        model_spec={"name": subject.model} | spec, output_filter=output_filter
    )
    for name, tensor in (subject.inputs if inputs is None else inputs).items():
        request.inputs[name].CopyFrom(tensor)
    return request


def grpc_case(
    name: str, method: str, message: Message, code: str, wanted: str = "", **more: Any
) -> Case:
    timeout = {"timeout_seconds": more.pop("timeout_seconds")} if "timeout_seconds" in more else {}
    request = GrpcRequest(method=method, message=message, **timeout)
    return Case(name=f"{method}: {name}", request=request, code=code, message=wanted, **more)


def _model_cases(subject: Subject) -> list[Case]:
    """servables/tensorflow/predict_impl.cc, model_servers/server_core.cc"""

    def row(name: str, message: Message, code: str, wanted: str = "", **more: Any) -> Case:
        return grpc_case(name, "PredictionService/Predict", message, code, wanted, **more)

    def answers(spec: Any) -> bool:
        return (spec.name, spec.version.value, spec.signature_name) == (
            subject.model,
            subject.version,
            DEFAULT_SIGNATURE,
        )

    model = re.escape(subject.model)
    first = subject.outputs[0]
    return [
        row("all outputs", predict_request(subject), OK,
            check=lambda body: tuple(sorted(body.outputs)) == subject.outputs),
        row("the answer says which model, version and signature", predict_request(subject), OK,
            check=lambda body: answers(body.model_spec)),
        row("a version", predict_request(subject, version={"value": subject.version}), OK,
            check=lambda body: body.model_spec.version.value == subject.version),
        row("a signature", predict_request(subject, signature_name=DEFAULT_SIGNATURE), OK),
        row("an output filter", predict_request(subject, output_filter=(first,)), OK,
            check=lambda body: list(body.outputs) == [first]),
        row("no deadline", predict_request(subject), OK, timeout_seconds=None),
        row("no model_spec", predict_pb2.PredictRequest(), INVALID, "Missing ModelSpec"),
        row("no name", predict_request(subject, name=""), INVALID,
            r"ModelSpec has no name specified\."),
        row("an unknown label", predict_request(subject, version_label=UNKNOWN), INVALID,
            f"Unrecognized servable version label: {UNKNOWN}"),
        row("an unknown label of an unknown model",
            predict_request(subject, name=UNKNOWN, version_label=UNKNOWN), INVALID,
            f"Unrecognized servable version label: {UNKNOWN}"),
        row("an unknown model", predict_request(subject, name=UNKNOWN), NOT_FOUND,
            rf"Servable not found for request: Latest\({UNKNOWN}\)"),
        row("an unknown version",
            predict_request(subject, version={"value": MISSING_VERSION}), NOT_FOUND,
            rf"Servable not found for request: Specific\({model}, {MISSING_VERSION}\)"),
        row("an unknown signature", predict_request(subject, signature_name=UNKNOWN),
            "FAILED_PRECONDITION", f'Serving signature key "{UNKNOWN}" not found.'),
        row("a message too long is cut", predict_request(subject, signature_name="s" * 2000),
            "FAILED_PRECONDITION", rf".{{{MAX_MESSAGE_LENGTH}}}\.\.\.TRUNCATED"),
        row("an unknown output", predict_request(subject, output_filter=(UNKNOWN,)), INVALID,
            f"output tensor alias not found in signature: {UNKNOWN} Outputs expected to be in "
            rf"the set {{{re.escape(','.join(subject.outputs))}}}\."),
        row("an output twice", predict_request(subject, output_filter=(first, first)), INVALID,
            f"duplicate output tensor alias: {re.escape(first)}"),
        row("the signature is looked at before the inputs",
            predict_request(subject, inputs={}, signature_name=UNKNOWN), "FAILED_PRECONDITION"),
    ]  # fmt: skip


def _tensor_cases(subject: Subject) -> list[Case]:
    """servables/tensorflow/predict_util.cc, tensorflow/cc/saved_model/util.cc"""

    def row(name: str, inputs: Any, code: str, wanted: str = "") -> Case:
        message = predict_request(subject, inputs=inputs)
        return grpc_case(name, "PredictionService/Predict", message, code, wanted)

    names = sorted(subject.inputs)
    joined = re.escape(",".join(names))
    first = names[0]
    tensor = subject.inputs[first]
    others = {name: subject.inputs[name] for name in names[1:]}
    extra = re.escape(",".join(sorted([*names, UNKNOWN])))
    return [
        row("no inputs", {}, INVALID,
            rf"input size does not match signature: 0!={len(names)} len\({{}}\) != "
            rf"len\({{{joined}}}\)\. Sent extra: {{}}\. Missing but required: {{{joined}}}\."),
        row("an input too many", {**subject.inputs, UNKNOWN: tensor}, INVALID,
            rf"input size does not match signature: {len(names) + 1}!={len(names)} "
            rf"len\({{{extra}}}\) != len\({{{joined}}}\)\. "
            rf"Sent extra: {{{UNKNOWN}}}\. Missing but required: {{}}\."),
        row("another name", {**others, UNKNOWN: tensor}, INVALID,
            rf"Signature input alias: {re.escape(first)}"
            rf"\(feed name: {re.escape(subject.feeds[first])}\) not found in request .*"),
        row("content that doesn't fit its shape", {**others, first: _cut(tensor)}, INVALID,
            f"tensor parsing error: {re.escape(first)}"),
        row("a negative dimension", {**others, first: _negative(tensor)}, INVALID),
        row("another type", {**others, first: _retyped(tensor)}, INVALID,
            r"Expects arg\[0\] to be \w+ but double is provided"),
    ]  # fmt: skip


def _cut(tensor: Any) -> Any:
    """One byte short."""
    cut = tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT, tensor_content=b"123")
    cut.tensor_shape.CopyFrom(tensor.tensor_shape)
    return cut


def _negative(tensor: Any) -> Any:
    negative = tensor_pb2.TensorProto(dtype=tensor.dtype)
    negative.tensor_shape.dim.add(size=-1)
    return negative


def _retyped(tensor: Any) -> Any:
    """As DT_DOUBLE, which the inputs of image models never are."""
    retyped = tensor_pb2.TensorProto(dtype=types_pb2.DT_DOUBLE, double_val=[0.0])
    retyped.tensor_shape.CopyFrom(tensor.tensor_shape)
    return retyped
