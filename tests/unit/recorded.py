"""Questions about a recorded program that several specifications ask."""

import base64
import json
from collections.abc import Iterator
from typing import Any

from policy.rules import RULES
from tests.unit.harness import Program, Registration

# Tags are added by a transform, which runs in the engine alone: tests/engine/test_cost_tags.py.
RULES_FOR_MOCKS = [rule for rule in RULES if rule.name != "cost-tags"]


def broken_rules(program: Program) -> list[str]:
    """Each violation of the policy pack, with the resource and the rule."""
    return [
        f"{one}: {rule.name}: {violation}"
        for one in program.resources
        for rule in RULES_FOR_MOCKS
        for violation in rule.check(one.type, one.inputs)
    ]


def leaks(program: Program, secret: str) -> list[str]:
    """Where the secret, or its base64 form, is readable: in an input or output not marked secret.

    Component outputs are no place for it at all.
    """
    forms = (secret, base64.b64encode(secret.encode()).decode())
    places = [
        f"{one}: {path}"
        for one in program.resources
        for path, text in texts(one.inputs)
        if any(form in text for form in forms) and not _is_marked(one, path)
    ]
    exported = {
        name: value for name, value in program.outputs.items() if name not in program.secret_outputs
    }
    for where, values in (("stack", exported), *program.component_outputs.items()):
        text = json.dumps(values, default=str)
        places += [f"outputs of {where}" for form in forms if form in text]
    return places


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each text at any depth, with the path to it."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, f"{path}[{index}]")
    elif isinstance(value, str):
        yield path, value


def _is_marked(one: Registration, path: str) -> bool:
    return any(
        path == secret or path.startswith((f"{secret}.", f"{secret}[")) for secret in one.secrets
    )
