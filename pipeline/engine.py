"""Pulumi's own command, as jobs call it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from pipeline.errors import PipelineError

PROJECT = Path(__file__).parent.parent
# https://github.com/pulumi/pulumi/blob/master/pkg/cmd/pulumi/cmd/exit_codes.go
UNEXPECTED_CHANGES = 7
STACK_NOT_FOUND = 6


def shown(*command: str) -> tuple[int, str]:
    """Exit code and all that was said, which the job's log shows as it comes."""
    lines = []
    with subprocess.Popen(
        ["pulumi", *command, "--non-interactive", "--color=never"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return process.returncode, "".join(lines)


def answer(*command: str) -> str:
    """What a command prints. Raises `PipelineError` with its complaint."""
    done = subprocess.run(
        ["pulumi", *command, "--non-interactive", "--color=never"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise PipelineError(f"pulumi {' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def resources(stack: str) -> list[dict[str, Any]]:
    """Of the stack's state; secrets stay encrypted. Raises `PipelineError`."""
    state = json.loads(answer("stack", "export", "--stack", stack))
    listed: list[dict[str, Any]] = state["deployment"].get("resources", [])
    return listed


def settings(stack: str) -> dict[str, Any]:
    """What the stack's file sets, without the project's name in front; no secrets."""
    listed = json.loads(answer("config", "--json", "--stack", stack))
    return {
        key.partition(":")[2]: entry.get("objectValue", entry.get("value"))
        for key, entry in listed.items()
    }
