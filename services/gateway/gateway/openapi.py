"""The API as an OpenAPI 3.1 document, its schemas made from the types that read and write."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from gateway import oip_messages, v1_messages
from gateway.door import API_KEY_HEADER
from gateway.problems import PROBLEMS
from gateway.profiles import PROFILE_PARAMETER
from gateway.selection import LABEL_HEADER, LABEL_PATTERN
from gateway.v1_messages import Options, PredictBody, ProblemDocument, Result, Results

Object = dict[str, Any]

DESCRIPTION = (
    "Classifies images. An error is a problem document (RFC 9457): `code` is for programs, `action`"
    " says what to do. 429 and 503 carry Retry-After. Every answer carries X-Request-ID, which may"
    " be chosen by sending it."
)
TYPES = (
    PredictBody,
    Result,
    Results,
    ProblemDocument,
    v1_messages.ModelList,
    v1_messages.ModelInfo,
    oip_messages.InferRequest,
    oip_messages.InferResponse,
    oip_messages.ModelMetadata,
    oip_messages.ServerMetadata,
)
PROBLEMS_OF_PREDICTIONS = sorted({problem.status for problem in PROBLEMS.values()} | {500})
OIP_PROBLEMS = (401, 404, 502, 503, 504)  # of what a model says of itself
NOT_READY = {"description": "Not ready"}
IMAGE_FILE = {"schema": {"type": "string", "format": "binary"}}
SCORES_BY_LABEL = {
    "type": "object",
    "additionalProperties": {"type": "number"},
    "examples": [{"dress": 1.87, "hat": -4.75}],
}


def document() -> Object:
    """The whole API."""
    _, schemas = msgspec.json.schema_components(TYPES, ref_template="#/components/schemas/{name}")
    return {
        "openapi": "3.1.0",
        "info": {"title": "Image gateway", "version": "1", "description": DESCRIPTION},
        "paths": _predictions() | _models() | _open_inference_protocol() | _operations(),
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": API_KEY_HEADER}},
        },
        # The empty one: where the operator requires no key.
        "security": [{"key": []}, {}],
    }


def _predictions() -> Object:
    several_ways = {
        "application/json": {"schema": _ref(PredictBody)},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {"image": {"type": "array", "items": IMAGE_FILE["schema"]}},
            }
        },
        "image/*": IMAGE_FILE,
        "application/octet-stream": IMAGE_FILE,
    }
    parameters = [_label_header(), *_options()]
    predict = {
        "requestBody": {"required": True, "content": several_ways},
        "responses": _responses({"anyOf": [_ref(Result), _ref(Results)]}, *PROBLEMS_OF_PREDICTIONS),
    }
    url = {"type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"]}
    return {
        "/predict": {
            "post": {
                "summary": "The score of each class, flat, best first",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": url},
                        "image/*": IMAGE_FILE,
                        "application/octet-stream": IMAGE_FILE,
                    },
                },
                "parameters": [_label_header(), *_options(PROFILE_PARAMETER)],
                "responses": _responses(SCORES_BY_LABEL, *PROBLEMS_OF_PREDICTIONS),
            }
        },
        "/v1/predict": {
            "post": {
                "summary": "Classes of one image or of several, by the default model",
                "description": "`urls`, or several files in a form, are answered with `results` in"
                " their order; an image that fails has an `error` at its place.",
                "parameters": parameters,
                **predict,
            }
        },
        "/v1/models/{name}/predict": {
            "post": {
                "summary": "The same by another model",
                "parameters": [_in_path("name"), *parameters],
                **predict,
            }
        },
    }


def _models() -> Object:
    return {
        "/v1/models": {
            "get": {
                "summary": "All models: versions, labels, input, classes",
                "responses": _responses(_ref(v1_messages.ModelList), 401),
            }
        },
        "/v1/models/{name}": {
            "get": {
                "summary": "One of them",
                "parameters": [_in_path("name")],
                "responses": _responses(_ref(v1_messages.ModelInfo), 401, 404),
            }
        },
    }


def _open_inference_protocol() -> Object:
    paths: Object = {
        "/v2": _get("What this server speaks", _ref(oip_messages.ServerMetadata)),
        "/v2/health/live": _get("The process answers", {"type": "object"}),
        "/v2/health/ready": {"get": _readiness("The default model can be asked")},
    }
    for prefix, names in (
        ("/v2/models/{name}", ["name"]),
        ("/v2/models/{name}/versions/{version}", ["name", "version"]),
    ):
        parameters = [_in_path(name) for name in names]
        metadata = {
            "summary": "Tensors of a model",
            "responses": _oip_responses(_ref(oip_messages.ModelMetadata), *OIP_PROBLEMS),
        }
        ready = _readiness("A model can be asked", 404)
        infer = {
            "summary": "Scores for a tensor of images",
            "description": "Binary tensors may follow the JSON, see Inference-Header-Content-Length"
            " in the protocol's extension.",
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": _ref(oip_messages.InferRequest)}},
            },
            "responses": _oip_responses(_ref(oip_messages.InferResponse), *PROBLEMS_OF_PREDICTIONS),
        }
        paths |= {
            prefix: {"get": metadata, "parameters": parameters},
            f"{prefix}/ready": {"get": ready, "parameters": parameters},
            f"{prefix}/infer": {"post": infer, "parameters": [*parameters, _label_header()]},
        }
    return paths


def _operations() -> Object:
    return {
        "/healthz": _get("The process answers", {"type": "object"}),
        "/readyz": _get("The default model can be asked", {"type": "object"}, 503),
        "/metrics": {
            "get": {
                "summary": "For Prometheus",
                "responses": {"200": {"description": "OK", "content": {"text/plain": {}}}},
            }
        },
        "/problems/{code}": _get("What an error's code means", _ref(ProblemDocument), 404)
        | {"parameters": [_in_path("code")]},
    }


def _responses(schema: Object, *statuses: int) -> Object:
    problem = {"application/problem+json": {"schema": _ref(ProblemDocument)}}
    return {
        "200": {"description": "OK", "content": {"application/json": {"schema": schema}}},
        **{
            str(status): {"description": HTTPStatus(status).phrase, "content": problem}
            for status in statuses
        },
    }


def _oip_responses(schema: Object, *statuses: int) -> Object:
    """As the protocol has them: JSON with `error`, here beside the members of a problem."""
    error = {
        "allOf": [_ref(ProblemDocument)],
        "properties": {"error": {"type": "string"}},
        "required": ["error"],
    }
    return _responses(schema) | {
        str(status): {
            "description": HTTPStatus(status).phrase,
            "content": {"application/json": {"schema": error}},
        }
        for status in statuses
    }


def _readiness(summary: str, *statuses: int) -> Object:
    """The protocol tells readiness by the status alone; the body is the same either way."""
    state = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "ready": {"type": "boolean"}},
        "required": ["name", "ready"],
    }
    responses = _oip_responses(state, *statuses)
    return {"summary": summary, "responses": responses | {"503": responses["200"] | NOT_READY}}


def _get(summary: str, schema: Object, *statuses: int) -> Object:
    return {"get": {"summary": summary, "responses": _responses(schema, *statuses)}}


def _ref(kind: type) -> Object:
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def _in_path(name: str) -> Object:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _label_header() -> Object:
    return {
        "name": LABEL_HEADER,
        "in": "header",
        "description": "label of the version that is to answer",
        "schema": {"type": "string", "pattern": LABEL_PATTERN},
    }


def _options(*names: str) -> Sequence[Object]:
    """The options of these names as query parameters; all of them, if none is named."""
    _, schemas = msgspec.json.schema_components([Options])
    properties: Object = schemas["Options"]["properties"]
    return [
        {"name": name, "in": "query", "schema": properties[name]} for name in names or properties
    ]
