"""The executable by which the Pulumi engine finds this plugin."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Final

EXECUTABLE: Final = "pulumi-resource-kubernetes"
MODULE: Final = "local.plugins.kubernetes"


def write_launcher(folder: Path, python: Path, repo_root: Path) -> Path:
    """Writes `pulumi-resource-kubernetes` into `folder`, by rename, and returns its path.

    `python` is an interpreter that has the packages of local/requirements.txt. PYTHONPATH is set
    for the module to be found, not extended: the user's own path has no business in the plugin.
    """
    command = f"exec {shlex.quote(str(python))} -m {MODULE}"
    script = f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(repo_root))} {command} "$@"\n'
    folder.mkdir(parents=True, exist_ok=True)
    launcher = folder / EXECUTABLE
    new = folder / f".{EXECUTABLE}.new"
    new.write_text(script)
    new.chmod(0o755)
    new.replace(launcher)
    return launcher
