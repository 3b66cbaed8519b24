"""The errors as callers see them: problem documents (RFC 9457) with a stable code.

A code never changes its meaning, since programs branch on it; texts may. docs/gateway-errors.md is
this table for people.
"""

import math
from dataclasses import dataclass
from typing import Any

from gateway import errors

RETRY_AFTER_SECONDS = 1  # for what may be over in a moment


@dataclass(frozen=True)
class Problem:
    """A kind of error: its stable code, HTTP status, a title, and what the caller should do."""

    code: str
    status: int
    title: str
    action: str

    @property
    def is_passing(self) -> bool:
        """Whether the same request may succeed in a moment."""
        return self.status in (429, 503)


_LATER = "Send the same request again after the seconds of the header Retry-After."
_OPERATOR = "Tell the operator of this service; the request itself is not at fault."

INTERNAL_ERROR = Problem("internal-error", 500, "The gateway failed", _OPERATOR)
NOT_READY = Problem("not-ready", 503, "The gateway can't answer predictions now", _LATER)

PROBLEMS: dict[type[errors.GatewayError], Problem] = {
    errors.MalformedRequest: Problem(
        "malformed-request", 400, "The request can't be understood", "Send what `detail` asks for."
    ),
    errors.MissingApiKey: Problem(
        "missing-api-key",
        401,
        "A valid API key is required",
        "Send your key in the header X-API-Key; the operator of this service hands keys out.",
    ),
    errors.ForbiddenSource: Problem(
        "forbidden-source",
        403,
        "The image's source may not be contacted",
        "Use an image on a public web server that the operator allows, or send the image itself.",
    ),
    errors.NotServed: Problem(
        "not-served",
        404,
        "There is no such model or version",
        "Choose one that GET /v1/models lists, or none to get the default one.",
    ),
    errors.SlowRequest: Problem(
        "slow-request",
        408,
        "The request's body did not arrive in time",
        "Send a smaller image, or by a faster connection.",
    ),
    errors.BodyTooLarge: Problem(
        "body-too-large",
        413,
        "The request's body is too large",
        "Send a smaller image, or fewer at a time.",
    ),
    errors.ImageTooLarge: Problem(
        "image-too-large",
        413,
        "The image is too large",
        "Make the image smaller; `detail` names the limit.",
    ),
    errors.UnsupportedBody: Problem(
        "unsupported-body", 415, "The body's type is not accepted", "Send a type of `detail`."
    ),
    errors.UnsupportedImage: Problem(
        "unsupported-image",
        415,
        "The image's format is not accepted",
        "Convert the image to JPEG or PNG.",
    ),
    errors.SourceRefused: Problem(
        "source-refused",
        422,
        "The image's source gave no image",
        "Open the URL yourself; it must answer status 200 with the plain file.",
    ),
    errors.BrokenImage: Problem(
        "broken-image", 422, "The image is truncated or corrupt", "Save or upload the image anew."
    ),
    errors.ImageTooSlow: Problem(
        "image-too-slow",
        422,
        "The image takes too long to decode",
        "Save the image anew as an ordinary JPEG or PNG, smaller if need be.",
    ),
    errors.DecoderCrashed: Problem(
        "image-not-decodable",
        422,
        "The image can't be decoded within its limits",
        "Save the image anew as an ordinary JPEG or PNG, smaller if need be.",
    ),
    errors.TooManyRequests: Problem("too-many-requests", 429, "The gateway is full", _LATER),
    errors.RateLimited: Problem("rate-limited", 429, "You send more than your rate", _LATER),
    errors.SourceFailed: Problem(
        "source-failed",
        502,
        "The image's source failed",
        "Check that the URL can be reached from the internet, then send the request again.",
    ),
    errors.ModelRefused: Problem(
        "model-refused", 502, "The model server refused the request", _OPERATOR
    ),
    errors.ModelFailed: Problem("model-failed", 502, "The model server failed", _OPERATOR),
    errors.ModelMismatch: Problem(
        "model-mismatch", 502, "The model does not fit its description", _OPERATOR
    ),
    errors.ModelUnavailable: Problem(
        "model-unavailable", 503, "No model server has room or answers", _LATER
    ),
    errors.DecoderUnavailable: Problem(
        "decoder-unavailable", 503, "Images can't be decoded now", _LATER
    ),
    errors.DeadlineExceeded: Problem(
        "deadline-exceeded", 503, "The request's time ran out in a queue", _LATER
    ),
    errors.SourceTimeout: Problem(
        "source-timeout",
        504,
        "The image's source is too slow",
        "Use a faster source, or send the image itself.",
    ),
    errors.ModelTimeout: Problem(
        "model-timeout",
        504,
        "The model did not answer in time",
        "Send the request again; if that persists, tell the operator of this service.",
    ),
}


PROBLEMS_BY_CODE = {
    problem.code: problem for problem in (*PROBLEMS.values(), INTERNAL_ERROR, NOT_READY)
}


def problem_of(error: errors.GatewayError) -> Problem:
    """The kind that an error is of; a subclass without one of its own is its parent's."""
    return next(PROBLEMS[kind] for kind in type(error).__mro__ if kind in PROBLEMS)


def problem_document(problem: Problem, detail: str | None = None, **members: Any) -> dict[str, Any]:
    """The members of RFC 9457 with `code` and `action`; what is None is left out."""
    document = {
        "type": f"/problems/{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": detail,
        "code": problem.code,
        "action": problem.action,
        **members,
    }
    return {name: value for name, value in document.items() if value is not None}


def describe_problem(error: errors.GatewayError) -> dict[str, Any]:
    """The document of an error, which holds nothing that is not for the caller."""
    source_status = error.source_status if isinstance(error, errors.SourceError) else None
    return problem_document(problem_of(error), str(error), source_status=source_status)


def retry_after_seconds(error: errors.GatewayError) -> int:
    """How long to wait before the same request has a chance, in whole seconds."""
    if isinstance(error, errors.RateLimited):
        return max(RETRY_AFTER_SECONDS, math.ceil(error.retry_after_seconds))
    return RETRY_AFTER_SECONDS
