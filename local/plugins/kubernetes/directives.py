"""The `pulumi.com/*` annotations by which a manifest steers the plugin."""

from __future__ import annotations

from typing import Final

from local.plugins.kubernetes.errors import NotSupported
from local.plugins.shared.values import Object, at

AUTONAMED: Final = "pulumi.com/autonamed"
SKIP_AWAIT: Final = "pulumi.com/skipAwait"
TIMEOUT_SECONDS: Final = "pulumi.com/timeoutSeconds"
PATCH_FORCE: Final = "pulumi.com/patchForce"
DELETION_PROPAGATION: Final = "pulumi.com/deletionPropagationPolicy"

_NOT_SUPPORTED: Final = (
    "pulumi.com/waitFor",
    "pulumi.com/replaceUnready",
    "pulumi.com/patchFieldManager",
)
_PROPAGATION: Final = {"orphan": "Orphan", "background": "Background"}


def annotation(obj: Object, name: str) -> str:
    """The annotation's value, or "" where it is missing or not yet known."""
    value = at(obj, "metadata", "annotations", name)
    return value if isinstance(value, str) else ""


def is_true(obj: Object, name: str) -> bool:
    return annotation(obj, name) == "true"


def set_true(obj: Object, name: str) -> None:
    metadata = obj.setdefault("metadata", {})
    annotations = metadata.get("annotations")
    if not isinstance(annotations, dict):
        annotations = metadata["annotations"] = {}
    annotations[name] = "true"


def timeout_seconds(inputs: Object, custom_seconds: float, default_seconds: float) -> float:
    """How long to wait: custom_timeouts first, then the annotation, then the kind's default."""
    if custom_seconds:
        return custom_seconds
    text = annotation(inputs, TIMEOUT_SECONDS)
    return float(text) if text.isdigit() else default_seconds


def propagation(inputs: Object) -> str:
    """What happens to dependents on deletion: they go first, unless the annotation says else."""
    return _PROPAGATION.get(annotation(inputs, DELETION_PROPAGATION).lower(), "Foreground")


def refuse_unsupported(inputs: Object) -> None:
    """Raises NotSupported for an annotation that only the genuine plugin obeys."""
    for name in _NOT_SUPPORTED:
        if annotation(inputs, name):
            raise NotSupported(f"the annotation {name}")
