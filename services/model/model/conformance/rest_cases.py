"""The rows for REST and metrics that any model answers
(model_servers/http_rest_api_handler.cc, http_rest_api_util.cc, http_server.cc,
util/json_tensor.cc, util/prometheus_exporter.cc)."""

import json
import re
from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from model.conformance.case import HTTP_OK, Case, RestRequest
from model.conformance.predict_cases import MISSING_VERSION, UNKNOWN
from model.conformance.subject import DEFAULT_SIGNATURE, Subject

BAD_REQUEST = "400"
NOT_FOUND = "404"
METRICS_PATH = "/monitoring/prometheus/metrics"
TOO_LARGE = 2**64


def rest_cases(subject: Subject) -> list[Case]:
    return [
        *_path_cases(subject),
        *_status_cases(subject),
        *_predict_cases(subject),
        *_body_cases(subject),
        *_metrics_cases(subject),
    ]


def rest_case(
    method: str, path: str, code: str, wanted: str = "", *, name: str = "", **more: Any
) -> Case:
    request = RestRequest(
        method=method, path=path, body=more.pop("body", ""), headers=more.pop("headers", {})
    )
    title = f"{method} {path}" + (f": {name}" if name else "")
    return Case(name=title, request=request, code=code, message=wanted, **more)


def metrics_case(name: str, wanted: str, patience_seconds: float = 0.0) -> Case:
    """`wanted`: a regular expression for a line of the metrics page, or its end."""
    pattern = re.compile(wanted, re.MULTILINE)

    def is_there(body: str) -> bool:
        return pattern.search(body) is not None

    return rest_case(
        "GET",
        METRICS_PATH,
        HTTP_OK,
        name=name,
        check=is_there,
        patience_seconds=patience_seconds,
    )


def _path_cases(subject: Subject) -> list[Case]:
    base = f"/v1/models/{subject.model}"
    malformed = [
        ("GET", "/v1/foo"),
        ("POST", "/v1/foo"),
        ("POST", "/v1/models"),
        ("GET", f"{base}:predict"),
        ("GET", f"{base}/name"),
        ("POST", f"{base}/metadata"),
        ("POST", f"{base}/version/1:predict"),
        ("POST", f"{base}/versions/HELLO:predict"),
        ("POST", f"{base}/versions/1/labels/stable:predict"),
        ("POST", f"{base}:PREDICT"),
        ("PUT", base),
        ("DELETE", base),
    ]
    return [
        *(
            rest_case(method, path, BAD_REQUEST, f"Malformed request: {method} {re.escape(path)}")
            for method, path in malformed
        ),
        rest_case("GET", "/v1/models", BAD_REQUEST, r"Missing model name in request\."),
        rest_case("POST", f"{base}/versions/{TOO_LARGE}:predict", BAD_REQUEST,
                  f"Failed to convert version: {TOO_LARGE} to numeric."),
        rest_case("GET", "/index", NOT_FOUND, r"(?i).*<h1>Not Found</h1>.*"),
        rest_case("OPTIONS", base, HTTP_OK, headers={"Origin": "http://example.org"}),
        rest_case("OPTIONS", base, BAD_REQUEST, name="no origin"),
    ]  # fmt: skip


def _status_cases(subject: Subject) -> list[Case]:
    base = f"/v1/models/{subject.model}"
    version = f"{base}/versions/{subject.version}"
    healthy = {
        "version": str(subject.version),
        "state": "AVAILABLE",
        "status": {"error_code": "OK", "error_message": ""},
    }

    def signature(body: str) -> Any:
        return json.loads(body)["metadata"]["signature_def"]["signature_def"][DEFAULT_SIGNATURE]

    return [
        rest_case("GET", version, HTTP_OK, name="numbers are strings, empty fields are there",
                  check=lambda body: json.loads(body) == {"model_version_status": [healthy]}),
        rest_case("GET", version.upper().replace(subject.model.upper(), subject.model), HTTP_OK,
                  name="without regard to case"),
        rest_case("GET", f"{base}/labels/{UNKNOWN}", HTTP_OK, name="the label isn't looked at"),
        rest_case("GET", f"/v1/models/{UNKNOWN}", NOT_FOUND,
                  f"Could not find any versions of model {UNKNOWN}"),
        rest_case("GET", "/v1/models/a%2Fb", NOT_FOUND, "Could not find any versions of model a/b"),
        rest_case("GET", f"{base}/versions/{MISSING_VERSION}", NOT_FOUND,
                  f"Could not find version {MISSING_VERSION} of model {re.escape(subject.model)}"),
        rest_case("GET", f"{base}/metadata", HTTP_OK, name="signatures",
                  check=lambda body: sorted(signature(body)["inputs"]) == sorted(subject.inputs)),
        rest_case("GET", f"{base}/metadata", HTTP_OK, name="model and version",
                  check=lambda body: json.loads(body)["model_spec"] == {
                      "name": subject.model,
                      "signature_name": "",
                      "version": str(subject.version),
                  }),
        rest_case("GET", f"/v1/models/{UNKNOWN}/metadata", NOT_FOUND,
                  rf"Servable not found for request: Latest\({UNKNOWN}\)"),
    ]  # fmt: skip


def _predict_cases(subject: Subject) -> list[Case]:
    base = f"/v1/models/{subject.model}"
    columns = {name: tf.make_ndarray(tensor).tolist() for name, tensor in subject.inputs.items()}
    row = {name: values[0] for name, values in columns.items()}

    def predict(
        name: str, body: Any, code: str, wanted: str = "", where: str = base, **more: Any
    ) -> Case:
        text = body if isinstance(body, str) else json.dumps(body)
        return rest_case("POST", f"{where}:predict", code, wanted, name=name, body=text, **more)

    def outputs_of(values: Any) -> tuple[str, ...]:
        """Names are there where there are several."""
        named = isinstance(values, Mapping)
        return tuple(sorted(values)) if named else subject.outputs[:1]

    good = {"inputs": columns}
    return [
        predict("rows", {"instances": [row, row]}, HTTP_OK,
                check=lambda body: [outputs_of(each) for each in json.loads(body)["predictions"]]
                == [subject.outputs] * 2),
        predict("columns", good, HTTP_OK,
                check=lambda body: outputs_of(json.loads(body)["outputs"]) == subject.outputs),
        predict("a signature", good | {"signature_name": DEFAULT_SIGNATURE}, HTTP_OK),
        predict("a version", good, HTTP_OK, where=f"{base}/versions/{subject.version}"),
        predict("an unknown version", good, NOT_FOUND, "Servable not found for request: .*",
                where=f"{base}/versions/{MISSING_VERSION}"),
        predict("an unknown label", good, BAD_REQUEST,
                f"Unrecognized servable version label: {UNKNOWN}",
                where=f"{base}/labels/{UNKNOWN}"),
        predict("an unknown model", good, NOT_FOUND, "Servable not found for request: .*",
                where=f"/v1/models/{UNKNOWN}"),
        predict("an unknown signature, another code than gRPC's",
                good | {"signature_name": UNKNOWN}, BAD_REQUEST,
                f'Serving signature name: "{UNKNOWN}" not found in signature def'),
        predict("a missing name", {"inputs": {UNKNOWN: 1}}, BAD_REQUEST,
                r"Missing named input: \S+ in 'inputs' object\."),
        predict("an unknown name", {"instances": [{UNKNOWN: 1}]}, BAD_REQUEST,
                f"Failed to process element: 0 key: {UNKNOWN} of 'instances' list. "
                f"Error: INVALID_ARGUMENT: JSON object: does not have named input: {UNKNOWN}"),
    ]  # fmt: skip


def _body_cases(subject: Subject) -> list[Case]:
    path = f"/v1/models/{subject.model}:predict"

    def row(body: str, wanted: str) -> Case:
        return rest_case("POST", path, BAD_REQUEST, wanted, name=body or "no body", body=body)

    return [
        row("", "JSON Parse error: The document is empty"),
        row("instances = 1", r"JSON Parse error: Invalid value\. at offset: 0"),
        row('{"instances": [1, 2', r"JSON Parse error: Missing a comma or \] after .*"),
        row('{"instances" 1}', r"JSON Parse error: Missing a colon after a name .*"),
        row("{1: 2}", r"JSON Parse error: Missing a name for object member\. .*"),
        row("[1]", r"JSON Value: \[1\] Is not object"),
        row("{}", "Missing 'inputs' or 'instances' key"),
        row('{"signature_name": 100}', r"JSON Value: .*'signature_name' key must be a string .*"),
        row('{"instances": 1}', ".*Expecting 'instances' to be an list/array"),
        row('{"instances": []}', ".*No values in 'instances' array"),
        row('{"instances": [1], "inputs": [1]}', ".*expecting only one of .*"),
    ]


def _metrics_cases(subject: Subject) -> list[Case]:
    """They come last: the rows before have been counted."""

    prefix = ":tensorflow:serving:"
    model = f'model_name="{re.escape(subject.model)}"'
    return [
        metrics_case("answers are counted",
            rf'^{prefix}request_count{{{model},status="OK"}} [1-9]\d*$'),
        metrics_case("refusals are counted",
            rf'^{prefix}request_count{{{model},status="FAILED_PRECONDITION"}} [1-9]\d*$'),
        metrics_case("unknown models too",
            rf'^{prefix}request_count{{model_name="{UNKNOWN}",status="NOT_FOUND"}} [1-9]\d*$'),
        metrics_case("latency by gRPC", rf'^{prefix}request_latency_count'
            rf'{{{model},API="Predict",entrypoint="GRPC"}} [1-9]\d*$'),
        metrics_case("latency by REST", rf'^{prefix}request_latency_count'
            rf'{{{model},API="predict",entrypoint="REST"}} [1-9]\d*$'),
        metrics_case("latency of the graph", rf'^{prefix}runtime_latency_count'
            rf'{{{model},API="Predict",runtime="TF1"}} [1-9]\d*$'),
        metrics_case("microseconds, from 10 by factors of 1.8", rf'^{prefix}request_latency_bucket'
            rf'{{{model},API="Predict",entrypoint="GRPC",le="58\.32"}} \d+$'),
        metrics_case("types", rf"^# TYPE {prefix}request_latency histogram$"),
    ]  # fmt: skip
