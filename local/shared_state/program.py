"""bootstrap/ as this tool runs it: its folder, its stack files, its program."""

from __future__ import annotations

from typing import Any, Final

import yaml

from local.engine.stand_in_stack import program_in
from local.errors import LocalError
from local.paths import REPO

PROJECT: Final = "image-serving-bootstrap"
FOLDER: Final = REPO / "bootstrap"
program: Final = program_in(FOLDER)


def stack_document(stack: str) -> dict[str, Any]:
    """The content of its file. Raises `LocalError` for a stack without one."""
    known = sorted(file.name.split(".")[1] for file in FOLDER.glob("Pulumi.*.yaml"))
    if stack not in known:
        names = ", ".join(known) or "none yet"
        raise LocalError(f"STACK={stack}: stacks with a file in bootstrap/ are {names}")
    document: dict[str, Any] = yaml.safe_load((FOLDER / f"Pulumi.{stack}.yaml").read_text())
    return document


def unprotected(document: dict[str, Any]) -> dict[str, Any]:
    """The same stack, once its owner has lifted the protection."""
    return document | {"config": document["config"] | {f"{PROJECT}:protect": False}}
