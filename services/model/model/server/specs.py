"""Which model and version a request means (model_servers/server_core.cc)."""

from typing import Any

from model.server.errors import invalid_argument
from model.server.labels import Labels
from model.server.registry import Servable

DEFAULT_SIGNATURE = "serving_default"


def require_spec(request: Any) -> None:
    """Raises ServingError INVALID_ARGUMENT for a request without model_spec."""
    if not request.HasField("model_spec"):
        raise invalid_argument("Missing ModelSpec")


def signature_name(spec: Any) -> str:
    return spec.signature_name or DEFAULT_SIGNATURE


def resolve(spec: Any, labels: Labels) -> tuple[str, int | None]:
    """Name and version of a ModelSpec; None is the latest version.

    Raises:
        ServingError: INVALID_ARGUMENT: no name, or an unknown label; UNAVAILABLE: labels aren't
            known yet.
    """
    if not spec.name:
        raise invalid_argument("ModelSpec has no name specified.")
    match spec.WhichOneof("version_choice"):
        case "version":
            return spec.name, spec.version.value
        case "version_label":
            return spec.name, labels.version_of(spec.name, spec.version_label)
        case _:
            return spec.name, None


def set_answered_spec(answered: Any, servable: Servable, spec: Any) -> None:
    """Fill the ModelSpec of an answer: who gave it, by which signature."""
    answered.name = spec.name
    answered.signature_name = signature_name(spec)
    answered.version.value = servable.version
