"""`make conformance`: whether a server answers as TensorFlow Serving does."""

from __future__ import annotations

import argparse
import os
import subprocess
from pathlib import Path

from local.images.services import MODEL
from local.models import REQUIREMENTS
from local.paths import cache_dir
from local.progress import Progress
from local.venvs import ensure_venv

_OPTIONS = ("target", "rest", "model", "max-batch-size", "write-model", "served-from")


def add_conformance_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of `python -m model conformance`, whose help tells what they mean."""
    for name in _OPTIONS:
        parser.add_argument(f"--{name}")


def run_conformance(arguments: argparse.Namespace) -> int:
    """Returns 0 when every answer is the same, 1 otherwise.

    Relative folders are relative to where `make` was called.
    """
    with Progress(cache_dir() / "logs").step("python", "looking for the packages") as step:
        python = ensure_venv("model", REQUIREMENTS, step)
    given = {name: getattr(arguments, name.replace("-", "_")) for name in _OPTIONS}
    options = [f"--{name}={value}" for name, value in given.items() if value is not None]
    command: list[str | Path] = [python, "-m", "model", "conformance", *options]
    environment = {**os.environ, "PYTHONPATH": str(MODEL), "TF_CPP_MIN_LOG_LEVEL": "2"}
    return subprocess.run(command, env=environment, check=False).returncode
