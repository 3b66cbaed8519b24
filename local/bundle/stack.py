"""The stack's state as the engine exports it: what is encrypted stays encrypted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from local.bundle.entry import Entry
from local.engine.checkpoint import STACK
from local.engine.plugin import choose_plugin
from local.engine.workspace import pulumi_environment
from local.shell import output
from local.toolchain.binaries import find_binary


def stack_file(engine: Path) -> Path:
    """The stack's settings; there is none before the first `pulumi up`."""
    return engine / "work" / f"Pulumi.{STACK}.yaml"


def state(engine: Path) -> Iterator[Entry]:
    """Settings and state. Raises `LocalError` when the engine can't be asked."""
    if stack_file(engine).exists():
        yield Entry(f"stack/{stack_file(engine).name}", stack_file(engine).read_text())
        yield Entry("stack/export.json", _pulumi(engine, "stack", "export"))


def configuration(engine: Path) -> Mapping[str, Any]:
    """All settings with secrets in plain text, so that these can be kept out.

    Raises `LocalError` when the engine can't be asked.
    """
    if not stack_file(engine).exists():
        return {}
    decoded: Mapping[str, Any] = json.loads(
        _pulumi(engine, "config", "--show-secrets", "--json") or "{}"
    )
    return decoded


def _pulumi(engine: Path, *arguments: str) -> str:
    pulumi = find_binary("pulumi")
    environment = pulumi_environment(engine, choose_plugin(engine), pulumi)
    where = ("--cwd", str(engine / "work"), "--stack", STACK, "--non-interactive")
    return output([pulumi, *arguments, *where], env=environment)
