"""How a job speaks to GitHub: errors in its log, and files that GitHub reads."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.errors import PipelineError


def reported(
    command: Callable[[Sequence[str] | None], None],
) -> Callable[[Sequence[str] | None], int]:
    """A command by its exit code: 1 after a PipelineError, which GitHub shows as an error."""

    @functools.wraps(command)
    def run(argv: Sequence[str] | None = None) -> int:
        try:
            command(argv)
        except PipelineError as error:
            print(f"::error::{error}", file=sys.stderr)
            return 1
        return 0

    return run


def append(variable: str, text: str) -> None:
    """To the file that a variable such as GITHUB_STEP_SUMMARY names; elsewhere there is none."""
    if name := os.environ.get(variable):
        with Path(name).open("a") as file:
            file.write(text)
