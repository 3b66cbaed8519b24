"""Names that a program leaves open, and the default namespace."""

from __future__ import annotations

import hashlib
from typing import Any

from local.plugins.kubernetes import directives
from local.plugins.shared.errors import BadInput
from local.plugins.shared.values import Object, Unknown, at

_SUFFIX_HEX_DIGITS = 8


def assign_name(
    inputs: Object, old_inputs: Object, resource_name: str, seed: bytes, proposed: str | None
) -> None:
    """Fills in `metadata.name` where the program gives none.

    An object that was auto-named before keeps its name. `proposed` is a name from the engine's own
    autonaming settings; "" means that these settings forbid it. An auto-named object carries an
    annotation, by which `Diff` later knows that a replacement may exist beside it.

    Raises BadInput for generateName, which server-side apply can't do.
    """
    metadata = inputs.setdefault("metadata", {})
    if isinstance(metadata, Unknown) or metadata.get("name"):
        return
    if metadata.get("generateName"):
        raise BadInput("metadata.generateName isn't possible with server-side apply: give a name")
    old_name = at(old_inputs, "metadata", "name")
    if old_name and directives.is_true(old_inputs, directives.AUTONAMED):
        metadata["name"] = old_name
    elif proposed is not None:
        if not proposed:
            raise BadInput("autonaming is switched off: metadata.name is required")
        metadata["name"] = proposed
    else:
        metadata["name"] = f"{resource_name}-{_suffix(seed)}"
    directives.set_true(inputs, directives.AUTONAMED)


def assign_namespace(inputs: Object, namespaced: bool, default_namespace: str) -> None:
    """Fills in the default namespace, or drops one that the kind doesn't have."""
    metadata: Any = inputs.get("metadata")
    if not isinstance(metadata, dict):
        return
    if not namespaced:
        metadata.pop("namespace", None)
    elif not metadata.get("namespace"):
        metadata["namespace"] = default_namespace


def _suffix(seed: bytes) -> str:
    """From the engine's seed, so that the same step gets the same name in preview and run."""
    return hashlib.sha256(seed).hexdigest()[:_SUFFIX_HEX_DIGITS]
