"""Faults to put into the server, each by replacing one function: the table must notice them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import grpc
import pytest

from model.server import (
    errors,
    inference,
    labels,
    metrics,
    predict,
    registry,
    services,
    specs,
)
from model.server.registry import State, VersionStatus
from model.server.rest import handler, json_tensors, paths
from model.server.rest.json_answers import predict_json
from model.server.rest.json_predict import Format

Patch = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Mutant:
    name: str
    apply: Patch
    noticed_by: str


def _replaced(owner: Any, attribute: str, value: Any) -> Patch:
    return lambda patch: patch.setattr(owner, attribute, value)


def _wrong_status_order(patch: pytest.MonkeyPatch) -> None:
    def lowest_first(self: Any, name: str) -> dict[int, VersionStatus]:
        return dict(sorted(statuses(self, name).items()))

    statuses = registry.Registry.statuses
    patch.setattr(registry.Registry, "statuses", lowest_first)


def _versions_load_for_ever(patch: pytest.MonkeyPatch) -> None:
    def always_loading(self: Any, name: str) -> dict[int, VersionStatus]:
        return {version: VersionStatus(state=State.LOADING) for version in statuses(self, name)}

    statuses = registry.Registry.statuses
    patch.setattr(registry.Registry, "statuses", always_loading)


def _requested_version_is_ignored(patch: pytest.MonkeyPatch) -> None:
    def latest(spec: Any, known: labels.Labels) -> tuple[str, int | None]:
        name, _ = resolve(spec, known)
        return name, None

    resolve = specs.resolve
    patch.setattr(inference, "resolve", latest)


def _answer_names_no_version(patch: pytest.MonkeyPatch) -> None:
    def nameless(answered: Any, servable: Any, spec: Any) -> None:
        set_answered_spec(answered, servable, spec)
        answered.ClearField("version")

    set_answered_spec = specs.set_answered_spec
    patch.setattr(predict, "set_answered_spec", nameless)


def _any_metadata_field(patch: pytest.MonkeyPatch) -> None:
    def metadata_of(self: Any, request: Any) -> Any:
        request.metadata_field[:] = ["signature_def"]
        return metadata(self, request)

    metadata = inference.Inference.metadata
    patch.setattr(inference.Inference, "metadata", metadata_of)


def _as_columns(response: Any, _: Format) -> str:
    return predict_json(response, Format.COLUMN)


def _all_outputs(signature: Any, _: Any) -> list[str]:
    return sorted(signature.outputs)


def _no_deadline(_: grpc.ServicerContext) -> None:
    return None


MUTANTS = (
    Mutant(
        "an unknown signature is INVALID_ARGUMENT",
        _replaced(predict, "failed_precondition", errors.invalid_argument),
        "Predict: an unknown signature",
    ),
    Mutant(
        "an unknown model is INVALID_ARGUMENT",
        _replaced(registry, "not_found", errors.invalid_argument),
        "Predict: an unknown model",
    ),
    Mutant(
        "an unknown label means the latest version",
        _replaced(labels.Labels, "version_of", lambda *_: 2),
        "Predict: an unknown label",
    ),
    Mutant("the version is ignored", _requested_version_is_ignored, "a version that isn't"),
    Mutant("the answer doesn't name its version", _answer_names_no_version, "the answer says"),
    Mutant(
        "the output filter is ignored",
        _replaced(predict, "_output_aliases", _all_outputs),
        "an output filter",
    ),
    Mutant(
        "types aren't checked",
        _replaced(predict, "_require_dtype", lambda *_: None),
        "another type",
    ),
    Mutant(
        "runs have no deadline",
        _replaced(services, "_timeout_seconds", _no_deadline),
        "ended the run",
    ),
    Mutant(
        "long messages aren't cut",
        _replaced(errors, "MAX_MESSAGE_LENGTH", 10_000),
        "a message too long",
    ),
    Mutant("versions are listed lowest first", _wrong_status_order, "highest first"),
    Mutant("states are wrong", _versions_load_for_ever, "is available"),
    Mutant(
        "any metadata field is taken",
        _any_metadata_field,
        "GetModelMetadata: another field",
    ),
    Mutant(
        "REST refuses what is not found as a bad request",
        _replaced(
            handler, "HTTP_STATUSES", handler.HTTP_STATUSES | {grpc.StatusCode.NOT_FOUND: 400}
        ),
        "POST /v1/models/no-such-thing:predict",
    ),
    Mutant(
        "REST answers rows as columns",
        _replaced(handler, "predict_json", _as_columns),
        "rows",
    ),
    Mutant(
        "REST takes base64 for a string",
        _replaced(json_tensors, "decode_base64", lambda value: value["b64"].encode()),
        "strings and bytes",
    ),
    Mutant(
        "REST doesn't decode names",
        _replaced(paths, "unquote", lambda text: text),
        "a%2Fb",
    ),
    Mutant(
        "metrics have underscores",
        _replaced(metrics, "prometheus_name", lambda name: name.replace("/", "_")),
        "answers are counted",
    ),
)
