"""From the API server's object to what Pulumi's state holds, and back to inputs on a refresh."""

from __future__ import annotations

import copy
from typing import Any, Final

from local.plugins.kubernetes.kinds import Kind
from local.plugins.shared.values import UNKNOWN, Object, at

# Changes with every write of anybody, so it would show as drift; or repeats the whole manifest.
_NOISE: Final = ("managedFields", "resourceVersion", "generation")
_LAST_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"
# What only the server can say: unknown in a preview of a new object, never an input.
_SERVER_MADE_METADATA: Final = ("uid", "creationTimestamp")
_NOT_INPUTS: Final = (*_SERVER_MADE_METADATA, "deletionTimestamp", "selfLink", "ownerReferences")
_SERVER_MADE_SERVICE: Final = ("clusterIP", "clusterIPs")


def from_live(live: Object) -> Object:
    """The outputs of an object that exists."""
    outputs = copy.deepcopy(live)
    metadata = outputs.get("metadata", {})
    for name in _NOISE:
        metadata.pop(name, None)
    annotations = metadata.get("annotations") or {}
    annotations.pop(_LAST_APPLIED, None)
    return outputs


def for_new(previewed: Object, inputs: Object, kind: Kind) -> Object:
    """The previewed outputs of an object to be created.

    `previewed` is the dry run's answer, or the inputs where none was possible. What a dry run makes
    up (uid, addresses) is replaced by unknowns, else a program would use it; `status` is left out,
    which the SDK takes for unknown.
    """
    outputs = from_live(previewed)
    outputs.pop("status", None)
    metadata = outputs.get("metadata")
    if isinstance(metadata, dict):
        metadata.update(dict.fromkeys(_SERVER_MADE_METADATA, UNKNOWN))
    spec = outputs.get("spec")
    if (kind.group, kind.name) == ("", "Service") and isinstance(spec, dict):
        for name in _SERVER_MADE_SERVICE:
            if at(inputs, "spec", name) is None:
                spec[name] = UNKNOWN
    return outputs


def for_change(new_inputs: Object, old_outputs: Object) -> Object:
    """The previewed outputs of a change that no dry run was possible for."""
    outputs = from_live(new_inputs)
    metadata = outputs.get("metadata")
    if isinstance(metadata, dict):
        for name in _SERVER_MADE_METADATA:
            metadata[name] = at(old_outputs, "metadata", name) or UNKNOWN
    return outputs


def drifted(inputs: Object, recorded: Object, live: Object) -> Object:
    """The inputs with those members changed that changed in the cluster since `recorded`.

    Compared is the live object with the recorded one, not with the inputs: so what the server
    merely rewrites (1000m to 1, stringData to data) is no drift.
    """
    result: Object = _drift(inputs, recorded, live)
    return result


def imported(live: Object) -> Object:
    """The inputs of an object that wasn't made by this stack: all that a program could have set."""
    inputs = from_live(live)
    inputs.pop("status", None)
    for name in _NOT_INPUTS:
        inputs.get("metadata", {}).pop(name, None)
    return inputs


def _drift(inputs: Any, recorded: Any, live: Any) -> Any:
    if recorded == live:
        return inputs
    if isinstance(inputs, dict) and isinstance(recorded, dict) and isinstance(live, dict):
        return {
            key: _drift(item, recorded.get(key), live.get(key))
            for key, item in inputs.items()
            if key in live or key not in recorded
        }
    if (
        isinstance(inputs, list)
        and isinstance(recorded, list)
        and isinstance(live, list)
        and len(inputs) == len(recorded) == len(live)
    ):
        return [_drift(*items) for items in zip(inputs, recorded, live, strict=True)]
    return live
