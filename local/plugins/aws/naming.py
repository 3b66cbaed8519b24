"""Names that a program leaves open: `<resource>-<7 hex digits>`, as by the genuine plugin."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

from local.plugins.shared import sdk
from local.plugins.shared.errors import BadInput
from local.plugins.shared.values import Object

# Where the genuine plugin, too, notes which inputs it made up.
DEFAULTS: Final = "__defaults"
_SUFFIX_HEX_DIGITS: Final = 7
# Where the name isn't called `name`.
_NAME_INPUTS: Final = {
    "aws:eks/nodeGroup:NodeGroup": "nodeGroupName",
    "aws:s3/bucket:Bucket": "bucket",
}
# Resources whose `name` is no name of their own.
_NAMELESS: Final = frozenset(("aws:route53/record:Record",))


def name_input(token: str, fields: Mapping[str, sdk.Field]) -> str | None:
    """The input that names the resource, None where AWS names it."""
    name = _NAME_INPUTS.get(token, "name")
    return name if name in fields and token not in _NAMELESS else None


def assign_name(
    inputs: Object, old: Object, name: str, resource_name: str, seed: bytes, proposed: str | None
) -> None:
    """Fills the input `name` in where the program gives neither it nor a prefix.

    A resource that was named so before keeps its name. `proposed` is a name from the engine's own
    autonaming settings; "" means that these settings forbid it.
    """
    if inputs.get(name) is not None or inputs.get(f"{name}Prefix") is not None:
        return
    if is_autonamed(old, name) and old.get(name):
        inputs[name] = old[name]
    elif proposed is not None:
        if not proposed:
            raise BadInput(f"autonaming is switched off: {name} is required")
        inputs[name] = proposed
    else:
        suffix = hashlib.sha256(seed).hexdigest()[:_SUFFIX_HEX_DIGITS]
        inputs[name] = f"{resource_name}-{suffix}"
    inputs[DEFAULTS] = [name]


def is_autonamed(inputs: Object, name: str) -> bool:
    """Whether the plugin made the name up: then old and new resource can exist side by side."""
    return name in (inputs.get(DEFAULTS) or [])
