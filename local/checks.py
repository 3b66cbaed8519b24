"""`make test`: lint, types and tests, each with the interpreter whose packages it needs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from local.images.services import GATEWAY, MODEL
from local.models import REQUIREMENTS as MODEL_REQUIREMENTS
from local.paths import REPO, cache_dir
from local.progress import Progress, say
from local.venvs import ensure_venv

PROGRAM_UNIT_TESTS = REPO / "tests" / "unit"
CLUSTER_TESTS = (REPO / "tests" / "engine", REPO / "tests" / "cluster")
FAULT_TESTS = REPO / "tests" / "faults"  # long: a verb of their own
TESTED_FOLDERS = (
    PROGRAM_UNIT_TESTS,
    *CLUSTER_TESTS,
    FAULT_TESTS,
    GATEWAY / "tests",
    MODEL / "tests",
)


@dataclass(frozen=True)
class Check:
    """A command, where it runs, and whether it needs a cluster."""

    name: str
    command: list[str | Path]
    folder: Path = REPO
    needs_cluster: bool = False


def run_checks(*, unit_only: bool) -> int:
    """Runs all checks, goes on after a failing one, and returns 1 if any failed."""
    checks = [each for each in _checks() if not (unit_only and each.needs_cluster)]
    seconds: dict[str, float] = {}
    failed = []
    for check in checks:
        say(f"\n=== {check.name}")
        started = time.monotonic()
        done = subprocess.run(
            [str(part) for part in check.command],
            cwd=check.folder,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
        seconds[check.name] = time.monotonic() - started
        if done.returncode != 0:
            failed.append(check.name)
    say("\nWhat took how long:")
    for name, took in seconds.items():
        say(f"  {name:<24} {took:7.1f} s  {'FAILED' if name in failed else 'ok'}")
    say(f"{len(checks) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def run_fault_tests() -> int:
    """`make test-faults`; returns pytest's exit code."""
    command = [sys.executable, "-m", "pytest", "-v", str(FAULT_TESTS)]
    return subprocess.run(command, cwd=REPO, check=False).returncode


def _checks() -> list[Check]:
    program = Path(sys.executable)
    gateway, model = _service_interpreters()

    def mypy(interpreter: Path, *folders: str) -> list[str | Path]:
        return [program, "-m", "mypy", f"--python-executable={interpreter}", *folders]

    pytest = ["-m", "pytest", "-q"]
    return [
        Check("format", [program, "-m", "ruff", "format", "--check", "."]),
        Check("lint", [program, "-m", "ruff", "check", "."]),
        Check("types: program", mypy(program, "infra", "local", "bench", "tests")),
        Check(
            "types: gateway",
            mypy(gateway, "gateway", "tools", "tests"),
            GATEWAY,
        ),
        Check("types: model", mypy(model, "model", "tests"), MODEL),
        Check("tests: unit", [program, *pytest, PROGRAM_UNIT_TESTS]),
        Check("tests: gateway", [gateway, *pytest, GATEWAY / "tests"], GATEWAY),
        Check("tests: model", [model, *pytest, MODEL / "tests"], MODEL),
        Check(
            "tests: engine, cluster",
            [program, *pytest, *CLUSTER_TESTS],
            needs_cluster=True,
        ),
    ]


def _service_interpreters() -> tuple[Path, Path]:
    progress = Progress(cache_dir() / "logs")
    with progress.step("python", "looking for the packages of 'gateway'") as step:
        sets = [GATEWAY / "requirements.txt", GATEWAY / "requirements-test.txt"]
        messages = GATEWAY / "tools" / "messages.py"
        gateway = ensure_venv("gateway", sets, step, finish=messages)
    with progress.step("python", "looking for the packages of 'model'") as step:
        model = ensure_venv("model", MODEL_REQUIREMENTS, step)
    return gateway, model
