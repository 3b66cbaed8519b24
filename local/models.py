"""The local stack's model: trained and exported once per state of its code, then reused."""

from __future__ import annotations

import shutil
from pathlib import Path

from local.images.recipe import digest_of
from local.images.services import MODEL
from local.locks import product_lock
from local.paths import cache_dir
from local.progress import Step
from local.scratch import scratch
from local.shell import run
from local.venvs import ensure_venv

# With the tests' packages, so that a machine has TensorFlow once.
REQUIREMENTS = (MODEL / "requirements.txt", MODEL / "requirements-test.txt")
PROOF_SAMPLES = 10


def ensure_model(step: Step) -> tuple[Path, Path]:
    """The folders of the exported model (`<name>/<version>/…`) and of held-out sample images.

    Raises `CommandError` when training or the check of its accuracy fails.
    """
    folder = _folder()
    with product_lock(folder.name, step.doing):
        if is_exported():
            step.note(f"reused the exported model {folder.name}")
        else:
            _export(folder, step)
            step.note(f"exported the digits model; {_accuracy(step.log)}")
    return folder / "models", folder / "samples"


def is_exported() -> bool:
    """Whether this state of the code has its model in the cache already."""
    return (_folder() / "samples").is_dir()


def exported_model() -> Path:
    """The folder `<name>/<version>/…` of this state of the code, made or not."""
    return _folder() / "models"


def _export(folder: Path, step: Step) -> None:
    python = ensure_venv("model", REQUIREMENTS, step)
    step.doing("training and exporting the digits model")
    command: list[str | Path] = [python, "-m", "model"]
    with scratch(folder.name) as temporary:
        new = temporary / "digits"
        new.mkdir()
        run([*command, "export", "--out", new / "models"], log=step.log, cwd=MODEL)
        count = str(PROOF_SAMPLES)
        samples = new / "samples"
        run([*command, "samples", "--out", samples, "--count", count], log=step.log, cwd=MODEL)
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        new.replace(folder)  # whole or not at all


def _folder() -> Path:
    return cache_dir() / "models" / f"digits-{_digest()}"


def _digest() -> str:
    files = [*(MODEL / "model").rglob("*.py"), *MODEL.glob("requirements*.txt")]
    return digest_of(files, MODEL, str(PROOF_SAMPLES))


def _accuracy(log: Path) -> str:
    lines = [line for line in log.read_text().splitlines() if "accuracy" in line]
    # Without the elapsed time that stands in brackets before it.
    return lines[-1].rpartition("] ")[2] if lines else f"see {log}"
