"""The rows for the other gRPC methods that any model answers; where each rule comes from stands at
its group."""

import re
from typing import Any

from grpc_health.v1 import health_pb2
from tensorflow_serving.apis import (
    classification_pb2,
    get_model_metadata_pb2,
    get_model_status_pb2,
    inference_pb2,
    model_management_pb2,
    regression_pb2,
)

from model.conformance.case import OK, Case
from model.conformance.predict_cases import (
    INVALID,
    MISSING_VERSION,
    NOT_FOUND,
    UNKNOWN,
    grpc_case,
    predict_request,
)
from model.conformance.subject import Subject

AVAILABLE = 30
SERVING = 1


def other_grpc_cases(subject: Subject) -> list[Case]:
    return [
        *_metadata_cases(subject),
        *_status_cases(subject),
        *_other_method_cases(subject),
        *_reload_cases(),
        *_health_cases(),
    ]


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
