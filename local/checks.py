"""`make test`: lint, types and tests, each with the interpreter whose packages it needs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from local.images.services import GATEWAY, MODEL
from local.models import REQUIREMENTS as MODEL_REQUIREMENTS
from local.paths import REPO, cache_dir
from local.progress import Progress, say
from local.toolchain.debian import ensure_packages
from local.venvs import ensure_venv
from local.versions import TEST_PACKAGES

PROGRAM_FOLDERS = (
    *("infra", "bootstrap", "policy", "pipeline", "local", "bench", "examples", "tests"),
)
PROGRAM_UNIT_TESTS = REPO / "tests" / "unit"
MANIFEST_TESTS = REPO / "tests" / "manifests"
ENGINE_TESTS = (REPO / "tests" / "engine", REPO / "tests" / "cluster")  # most with a cluster
# By itself: the program's own runtime keeps state from one run to the next in a process.
SIMULATION_TEST = REPO / "tests" / "engine" / "test_simulation.py"
TUTORIAL_TESTS = REPO / "tests" / "tutorial"  # on a cluster without a stack, as that one leaves it
FAULT_TESTS = REPO / "tests" / "faults"  # long: a verb of their own
TESTED_FOLDERS = (
    PROGRAM_UNIT_TESTS,
    MANIFEST_TESTS,
    *ENGINE_TESTS,
    TUTORIAL_TESTS,
    FAULT_TESTS,
    GATEWAY / "tests",
    MODEL / "tests",
)


@dataclass(frozen=True)
class Check:
    """A command and where it runs.

    fast: `make test-unit` runs it too. long: what it prints is shown as it comes.
    """

    name: str
    command: list[str | Path]
    folder: Path = REPO
    fast: bool = True
    long: bool = False


@dataclass(frozen=True)
class Outcome:
    """How a check ended, and what it printed, if that isn't on screen yet."""

    check: Check
    passed: bool
    seconds: float
    output: str = ""


def run_checks(*, unit_only: bool) -> int:
    """Runs all checks, goes on after a failing one, and returns 1 if any failed."""
    if not unit_only:
        _ensure_test_packages()
    stages = ([each for each in stage if each.fast or not unit_only] for stage in _stages())
    outcomes = [outcome for stage in stages for outcome in run_stage(stage)]
    say("\nWhat took how long:")
    for outcome in outcomes:
        verdict = "ok" if outcome.passed else "FAILED"
        say(f"  {outcome.check.name:<24} {outcome.seconds:7.1f} s  {verdict}")
    failed = sum(not outcome.passed for outcome in outcomes)
    say(f"{len(outcomes) - failed} passed, {failed} failed")
    return 1 if failed else 0


def run_stage(checks: list[Check]) -> Iterator[Outcome]:
    """Runs them side by side, one per core; what each printed is shown when it is over."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for running in as_completed([pool.submit(_run, each) for each in checks]):
            outcome = running.result()
            if not outcome.check.long:
                say(f"\n=== {outcome.check.name}\n{outcome.output.rstrip()}")
            yield outcome


def run_fault_tests() -> int:
    """`make test-faults`; returns pytest's exit code."""
    command = [sys.executable, "-m", "pytest", "-v", str(FAULT_TESTS)]
    return subprocess.run(command, cwd=REPO, check=False).returncode


def _run(check: Check) -> Outcome:
    """Without output if it was shown as it came."""
    if check.long:
        say(f"\n=== {check.name}")
    started = time.monotonic()
    done = subprocess.run(
        [str(part) for part in check.command],
        cwd=check.folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=None if check.long else subprocess.PIPE,
        stderr=None if check.long else subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Outcome(check, done.returncode == 0, time.monotonic() - started, done.stdout or "")


def _stages() -> tuple[list[Check], ...]:
    """Each begins when the one before is over: clusters are not to be starved of their cores."""
    program = Path(sys.executable)
    gateway, model = _service_interpreters()

    def mypy(interpreter: Path, *folders: str) -> list[str | Path]:
        return [program, "-m", "mypy", f"--python-executable={interpreter}", *folders]

    pytest = ["-m", "pytest", "-q"]
    ignored = f"--ignore={SIMULATION_TEST}"
    engine: list[str | Path] = [program, *pytest, ignored, *ENGINE_TESTS]
    return (
        [
            Check("format", [program, "-m", "ruff", "format", "--check", "."]),
            Check("lint", [program, "-m", "ruff", "check", "."]),
            # The longest first, so that none is left over for one core at the end.
            Check("tests: model", [model, *pytest, MODEL / "tests"], MODEL, fast=False),
            Check("tests: unit", [program, *pytest, PROGRAM_UNIT_TESTS]),
            Check("tests: gateway", [gateway, *pytest, GATEWAY / "tests"], GATEWAY),
            Check("tests: manifests", [program, *pytest, MANIFEST_TESTS], fast=False),
            Check("types: program", mypy(program, *PROGRAM_FOLDERS)),
            Check(
                "types: gateway",
                mypy(gateway, "gateway", "tools", "tests", "fuzz", "peers"),
                GATEWAY,
            ),
            Check("types: model", mypy(model, "model", "tests"), MODEL),
        ],
        [Check("tests: cluster", [*engine, "-m", "cluster"], fast=False, long=True)],
        [  # the simulation mostly waits for pods
            Check(
                "tests: simulation, tutorial",
                [program, *pytest, SIMULATION_TEST, TUTORIAL_TESTS],
                fast=False,
                long=True,
            ),
            Check("tests: engine", [*engine, "-m", "not cluster"], fast=False),
        ],
    )


def _ensure_test_packages() -> None:
    with Progress(cache_dir() / "logs").step("packages", "looking for the tests' tools") as step:
        ensure_packages(TEST_PACKAGES, step)


def _service_interpreters() -> tuple[Path, Path]:
    progress = Progress(cache_dir() / "logs")
    with progress.step("python", "looking for the packages of 'gateway'") as step:
        sets = [GATEWAY / "requirements.txt", GATEWAY / "requirements-test.txt"]
        messages = GATEWAY / "tools" / "messages.py"
        gateway = ensure_venv("gateway", sets, step, finish=messages)
    with progress.step("python", "looking for the packages of 'model'") as step:
        model = ensure_venv("model", MODEL_REQUIREMENTS, step)
    return gateway, model
