"""The local stack's model: trained and exported once per state of its code, then reused."""

from __future__ import annotations

import shutil
from pathlib import Path

from local.images.buildah import digest_of
from local.images.services import MODEL
from local.paths import cache_dir
from local.progress import Step
from local.shell import run
from local.venvs import ensure_venv

# With the tests' packages, so that a machine has TensorFlow once.
REQUIREMENTS = (MODEL / "requirements.txt", MODEL / "requirements-test.txt")
PROOF_SAMPLES = 10


def ensure_model(step: Step) -> tuple[Path, Path]:
    """The folders of the exported model (`<name>/<version>/…`) and of held-out sample images.

    Raises `CommandError` when training or the check of its accuracy fails.
    """
    folder = cache_dir() / "models" / f"digits-{_digest()}"
    models, samples = folder / "models", folder / "samples"
    if samples.is_dir():
        step.note(f"reused the exported model {folder.name}")
        return models, samples
    python = ensure_venv("model", REQUIREMENTS, step)
    step.doing("training and exporting the digits model")
    shutil.rmtree(folder, ignore_errors=True)
    command: list[str | Path] = [python, "-m", "model"]
    run([*command, "export", "--out", models], log=step.log, cwd=MODEL)
    new = folder / "samples.new"
    count = str(PROOF_SAMPLES)
    run([*command, "samples", "--out", new, "--count", count], log=step.log, cwd=MODEL)
    new.replace(samples)  # last: its presence says that all is whole
    step.note(f"exported the digits model; {_accuracy(step.log)}")
    return models, samples


def _digest() -> str:
    files = [*(MODEL / "model").rglob("*.py"), *MODEL.glob("requirements*.txt")]
    return digest_of(files, MODEL, str(PROOF_SAMPLES))


def _accuracy(log: Path) -> str:
    lines = [line for line in log.read_text().splitlines() if "accuracy" in line]
    # Without the elapsed time that stands in brackets before it.
    return lines[-1].rpartition("] ")[2] if lines else f"see {log}"
