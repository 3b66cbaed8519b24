"""The state of a stack, from one backend into another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pulumi import automation as auto
from pulumi.runtime import rpc

from local.errors import LocalError

# The key's place in a state: who opens it with another key must not be asked for the old one.
_PROVIDER = "secrets_providers"


def move(source: auto.Stack, target: auto.Stack) -> bool:
    """Returns whether there was anything to move: not where the target has resources already.

    A run that was interrupted goes on from here. The source stays as it is. Raises `LocalError`.
    """
    if not is_empty(target):
        return False
    exported = source.export_stack()
    if is_empty(source):
        raise LocalError(f"the stack {source.name} is empty where it was, and where it goes")
    target.import_stack(auto.Deployment(exported.version, without_provider(exported.deployment)))
    return True


def without_provider(deployment: Mapping[str, Any] | None) -> dict[str, Any]:
    """A state as the target's own key may keep it. Raises `LocalError` for one with secrets.

    `pulumi stack import` leaves them encrypted as they are, by a key that the target hasn't.
    https://github.com/pulumi/pulumi/blob/master/pkg/cmd/pulumi/stack/stack_import.go
    """
    state = dict(deployment or {})
    if rpc._special_secret_sig in json.dumps(state):
        raise LocalError(
            "the state holds secrets, which only its old key decrypts: move it with `pulumi stack "
            "change-secrets-provider` (docs/bootstrap.md)"
        )
    state.pop(_PROVIDER, None)
    return state


def is_empty(stack: auto.Stack) -> bool:
    """Whether nothing was ever made by it, or all is gone."""
    return not (stack.export_stack().deployment or {}).get("resources")
