"""The rows for gRPC that any model answers; where each rule comes from stands at its group."""

import re
from typing import Any

from google.protobuf.message import Message
from grpc_health.v1 import health_pb2
from tensorflow.core.framework import tensor_pb2, types_pb2
from tensorflow_serving.apis import (
    classification_pb2,
    get_model_metadata_pb2,
    get_model_status_pb2,
    inference_pb2,
    model_management_pb2,
    predict_pb2,
    regression_pb2,
)

from model.conformance.case import OK, Case, GrpcRequest
from model.conformance.subject import DEFAULT_SIGNATURE, Subject

INVALID = "INVALID_ARGUMENT"
NOT_FOUND = "NOT_FOUND"
UNKNOWN = "no-such-thing"
MISSING_VERSION = 987654321
AVAILABLE = 30
SERVING = 1
# Longer messages are cut (model_servers/grpc_status_util.cc).
MAX_MESSAGE_LENGTH = 1024


def grpc_cases(subject: Subject) -> list[Case]:
    return [
        *_predict_cases(subject),
        *_tensor_cases(subject),
        *_metadata_cases(subject),
        *_status_cases(subject),
        *_other_method_cases(subject),
        *_reload_cases(),
        *_health_cases(),
    ]


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


def _predict_cases(subject: Subject) -> list[Case]:
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


def _metadata_cases(subject: Subject) -> list[Case]:
    """servables/tensorflow/get_model_metadata_impl.cc"""

    def row(
        name: str, spec: Any, metadata_field: list[str], code: str, wanted: str = "", **more: Any
    ) -> Case:
        request = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=metadata_field)
        if spec is not None:
            request.model_spec.MergeFrom(predict_request(subject, **spec).model_spec)
        method = "PredictionService/GetModelMetadata"
        return grpc_case(name, method, request, code, wanted, **more)

    def has_signatures(body: Any) -> bool:
        packed = body.metadata["signature_def"]
        return bool(packed.type_url.endswith("/tensorflow.serving.SignatureDefMap"))

    def answers(spec: Any) -> bool:
        return (spec.name, spec.version.value, spec.signature_name) == (
            subject.model,
            subject.version,
            "",
        )

    field = ["signature_def"]
    return [
        row("signatures", {}, field, OK, check=has_signatures),
        row("model and version, no signature", {}, field, OK,
            check=lambda body: answers(body.model_spec)),
        row("no model_spec", None, field, INVALID, "Missing ModelSpec"),
        row("no field", {}, [], INVALID,
            "GetModelMetadataRequest must specify at least one metadata_field"),
        row("another field", {}, [UNKNOWN], INVALID,
            f"Metadata field {UNKNOWN} is not supported"),
        row("fields are checked before the model", {"name": UNKNOWN}, [UNKNOWN], INVALID,
            f"Metadata field {UNKNOWN} is not supported"),
        row("an unknown model", {"name": UNKNOWN}, field, NOT_FOUND,
            rf"Servable not found for request: Latest\({UNKNOWN}\)"),
        row("an unknown label", {"version_label": UNKNOWN}, field, INVALID,
            f"Unrecognized servable version label: {UNKNOWN}"),
    ]  # fmt: skip


def _status_cases(subject: Subject) -> list[Case]:
    """model_servers/get_model_status_impl.cc"""

    def row(name: str, spec: Any, code: str, wanted: str = "", **more: Any) -> Case:
        request = get_model_status_pb2.GetModelStatusRequest()
        if spec is not None:
            request.model_spec.MergeFrom(predict_request(subject, **spec).model_spec)
        return grpc_case(name, "ModelService/GetModelStatus", request, code, wanted, **more)

    def versions(body: Any) -> list[int]:
        return [each.version for each in body.model_version_status]

    version = {"version": {"value": subject.version}}
    return [
        row("the version that answers is available", version, OK,
            check=lambda body: (versions(body), body.model_version_status[0].state)
            == ([subject.version], AVAILABLE)),
        row("a healthy version says so", version, OK,
            check=lambda body: body.model_version_status[0].HasField("status")),
        row("all versions, highest first", {}, OK,
            check=lambda body: versions(body) == sorted(versions(body), reverse=True)),
        row("a label isn't looked at", {"version_label": UNKNOWN}, OK),
        row("no model_spec", None, INVALID, "Missing ModelSpec"),
        row("no name", {"name": ""}, NOT_FOUND, "Could not find any versions of model "),
        row("an unknown model", {"name": UNKNOWN}, NOT_FOUND,
            f"Could not find any versions of model {UNKNOWN}"),
        row("an unknown version", {"version": {"value": MISSING_VERSION}}, NOT_FOUND,
            f"Could not find version {MISSING_VERSION} of model {re.escape(subject.model)}"),
    ]  # fmt: skip


def _other_method_cases(subject: Subject) -> list[Case]:
    """servables/tensorflow/classifier.cc, regressor.cc, multi_inference_helper.cc"""
    cases = []
    for method, request in (
        ("Classify", classification_pb2.ClassificationRequest),
        ("Regress", regression_pb2.RegressionRequest),
    ):
        for name, spec, code, wanted in (
            ("no model_spec", None, INVALID, "Missing ModelSpec"),
            ("an unknown model", {"name": UNKNOWN}, NOT_FOUND, "Servable not found .*"),
            ("an unknown signature", {"name": subject.model, "signature_name": UNKNOWN}, INVALID,
             f"No signature was found with the name: {UNKNOWN}"),
            ("a signature of Predict", {"name": subject.model}, INVALID,
             r"Expected one .*|No \w+ inputs found in SignatureDef: .*"),
        ):  # fmt: skip
            message = request(model_spec=spec)
            cases.append(grpc_case(name, f"PredictionService/{method}", message, code, wanted))
    no_tasks = inference_pb2.MultiInferenceRequest()
    return [
        *cases,
        grpc_case("no tasks", "PredictionService/MultiInference", no_tasks, INVALID,
                  r"ModelSpec has no name specified\."),
    ]  # fmt: skip


def _reload_cases() -> list[Case]:
    """model_servers/model_service_impl.cc, server_core.cc: what is refused, changing nothing."""

    def row(name: str, wanted: str, *models: dict[str, str]) -> Case:
        request = model_management_pb2.ReloadConfigRequest()
        for model in models:
            request.config.model_config_list.config.add(**model)
        return grpc_case(name, "ModelService/HandleReloadConfigRequest", request, INVALID, wanted)

    model = {"name": UNKNOWN, "base_path": f"/{UNKNOWN}", "model_platform": "tensorflow"}
    return [
        row("no list of models",
            "ServerModelConfig type not supported by HandleReloadConfigRequest. "
            "Only ModelConfigList is currently supported"),
        row("a model twice", f"Illegal to list model {UNKNOWN} multiple times in config list",
            model, model),
        row("a relative path", f"Expected model {UNKNOWN} to have an absolute path or URI.*",
            model | {"base_path": "relative"}),
        row("no platform", "Illegal setting neither ModelServerConfig::model_type .*",
            model | {"model_platform": ""}),
    ]  # fmt: skip


def _health_cases() -> list[Case]:
    """model_servers/server.cc, with --enable_grpc_healthcheck_service"""

    def row(service: str, code: str, **more: Any) -> Case:
        message = health_pb2.HealthCheckRequest(service=service)
        return grpc_case(f"service {service!r}", "Health/Check", message, code, **more)

    def is_serving(body: Any) -> bool:
        return bool(body.status == SERVING)

    return [
        *(row(name, OK, check=is_serving) for name in ("", "ModelService", "PredictionService")),
        row("tensorflow.serving.PredictionService", NOT_FOUND),
    ]


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
