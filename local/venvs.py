"""Virtual environments in the cache, one per pinned set, named after its content.

Uses the standard library alone: it makes the environment that everything else runs in.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from local.errors import LocalError
from local.locks import product_lock
from local.paths import REPO, cache_dir
from local.progress import Step
from local.shell import run

# Written last: without it an environment is half-made, whatever is in it.
_COMPLETE = ".complete"

# What the tool itself and the Pulumi program run with.
PROGRAM_REQUIREMENTS = (
    REPO / "requirements.txt",
    REPO / "local" / "requirements.txt",
    REPO / "requirements-dev.txt",
)


def find_venv(name: str, requirements: Sequence[Path]) -> Path | None:
    """The interpreter of an environment that was made whole before, or None."""
    folder = _folder(name, requirements)
    python = folder / "bin" / "python"
    return python if (folder / _COMPLETE).exists() and python.exists() else None


def ensure_venv(
    name: str, requirements: Sequence[Path], step: Step, *, finish: Path | None = None
) -> Path:
    """The interpreter of the environment that holds exactly these pinned sets.

    `finish` is a script that the new interpreter runs last, to add what pip can't install.
    Raises `CommandError` when pip fails; a half-made environment is never left in place.
    """
    folder = _folder(name, requirements)
    with product_lock(folder.name, step.doing):
        python = find_venv(name, requirements)
        if python is not None:
            step.note(f"reused the Python packages of '{name}'")
            return python
        step.doing(f"installing the Python packages of '{name}'")
        _require_venv_module(step)
        python = _make(folder, requirements, step, finish)
        step.note(f"installed the Python packages of '{name}'")
    return python


def _make(folder: Path, requirements: Sequence[Path], step: Step, finish: Path | None) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    try:
        # Made in place, since scripts in an environment hold its path; pip runs last.
        run([sys.executable, "-m", "venv", folder], log=step.log)
        python = folder / "bin" / "python"
        files = [argument for file in requirements for argument in ("-r", file)]
        pip = [python, "-m", "pip", "install", "--require-hashes", "--no-deps", *files]
        run(pip, log=step.log, env={"PIP_DISABLE_PIP_VERSION_CHECK": "1"})
        if finish is not None:
            run([python, finish], log=step.log)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    (folder / _COMPLETE).touch()
    return python


def _folder(name: str, requirements: Sequence[Path]) -> Path:
    content = hashlib.sha256(sys.version.encode())
    for file in requirements:
        content.update(file.read_bytes())
    return cache_dir() / "venvs" / f"{name}-{content.hexdigest()[:12]}"


def _require_venv_module(step: Step) -> None:
    if importlib.util.find_spec("ensurepip") is not None:  # Debian has it in another package
        return
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise LocalError("this Python has no 'ensurepip'; install the package python3-venv")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-q"], log=step.log, env=quiet)
    run(["apt-get", "install", "-q", "-y", "python3-venv"], log=step.log, env=quiet)
