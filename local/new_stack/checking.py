"""Whether the program takes a stack file: asked of its own settings, nowhere else."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import pulumi
import yaml
from pulumi.runtime.settings import reset_options

from infra.settings.errors import Problem, SettingsError
from infra.settings.load import SECRET_KEYS, load_settings
from local.engine.assumptions import assume_the_rest
from local.new_stack.questions import Question
from local.paths import PROJECT, REPO

_API_KEYS = f"{PROJECT}:apiKeys"
_SOME_KEY = "a-key-that-nobody-has"
_OBJECT = re.compile(r'^= "\{.*\}": ')


def problems_of(stack: str, text: str) -> Sequence[Problem]:
    """All of them; what the file leaves for later (keys of clients, an export) is assumed."""
    document: dict[str, Any] = yaml.safe_load(text)
    assume_the_rest(document, REPO)
    keys = document["config"].get(_API_KEYS, {})
    document["config"][_API_KEYS] = dict.fromkeys(keys, _SOME_KEY)  # encrypted ones are no texts
    declared = yaml.safe_load((REPO / "Pulumi.yaml").read_text())["config"]
    values = {f"{PROJECT}:{key}": told["default"] for key, told in declared.items()}
    values |= document["config"]
    passed = {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()
    }
    reset_options(project=PROJECT, stack=stack)
    pulumi.runtime.set_all_config(passed, [f"{PROJECT}:{key}" for key in SECRET_KEYS])
    try:
        load_settings()
    except SettingsError as error:
        return error.problems
    return []


def is_of(problem: Problem, question: Question) -> bool:
    """Whether another answer to the question could help."""
    found = problem.key.removeprefix(f"{PROJECT}:")
    return any(
        found == key or found.startswith((f"{key}.", f"{key}[")) or key.startswith(f"{found}.")
        for key in question.keys
    )


def told(problem: Problem) -> str:
    """Without the project's name, and without the whole of an object that a part of is wrong."""
    key = problem.key.removeprefix(f"{PROJECT}:")
    shortened = _OBJECT.sub("", problem.message)
    return f"{key}: {shortened}" if shortened != problem.message else f"{key} {shortened}"
