"""What the engine says of a resource, and what the plugin adds to its state."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from local.plugins.kubernetes import outputs
from local.plugins.kubernetes.kinds import Kind
from local.plugins.kubernetes.secrecy import with_secrets
from local.plugins.shared.values import Object, Properties, at

# Kept in the state as the genuine plugin keeps it: a renamed resource goes on owning its fields.
FIELD_MANAGER: Final = "__fieldManager"


@dataclass(frozen=True)
class Resource:
    """Which resource of the program a request is about; `name` is its name there."""

    urn: str
    type: str
    name: str


@dataclass(frozen=True)
class Live:
    """A resource as read: its id, its state, and the inputs that would make it so."""

    identifier: str
    outputs: Properties
    inputs: Properties


def manager_of(resource: Resource, state: Properties | None = None) -> str:
    """The resource's field manager: one for each, so that two for one object are a conflict."""
    known = at(state.value, FIELD_MANAGER) if state else None
    return known or f"pulumi-kubernetes-{hashlib.sha256(resource.urn.encode()).hexdigest()[:8]}"


def state_of(kind: Kind, live: Object, inputs: Properties, manager: str) -> Properties:
    """What the state shall hold of a live object."""
    return with_secrets(outputs.from_live(live) | {FIELD_MANAGER: manager}, kind, inputs)
