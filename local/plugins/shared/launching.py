"""The executables by which the Pulumi engine finds the stand-ins."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Final

EXECUTABLE_PREFIX: Final = "pulumi-resource-"
MODULE_PREFIX: Final = "local.plugins."


def write_launcher(folder: Path, python: Path, repo_root: Path, name: str) -> Path:
    """Writes `pulumi-resource-<name>` into `folder`, by rename, and returns its path.

    `python` is an interpreter that has the packages of local/requirements.txt. PYTHONPATH is set
    for the module to be found, not extended: the user's own path has no business in the plugin.
    """
    module = f"{MODULE_PREFIX}{name.replace('-', '_')}"
    command = f"exec {shlex.quote(str(python))} -m {module}"
    script = f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(repo_root))} {command} "$@"\n'
    folder.mkdir(parents=True, exist_ok=True)
    launcher = folder / f"{EXECUTABLE_PREFIX}{name}"
    new = folder / f".{launcher.name}.new"
    new.write_text(script)
    new.chmod(0o755)
    new.replace(launcher)
    return launcher
