"""local/fuzzing.py: each fuzzer runs for its time, and one that fails doesn't stop the next."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from local import fuzzing
from local.images.services import GATEWAY


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would run; the fuzzer of URLs finds something."""
    seen: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        seen.append(command)
        return subprocess.CompletedProcess(command, int("urls" in command))

    monkeypatch.setattr(fuzzing, "ensure_venv", lambda *_, **__: Path("/venv/bin/python"))
    monkeypatch.setattr(subprocess, "run", run)
    return seen


def test_all_run_and_a_finding_fails(
    commands: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert fuzzing.run_fuzzers(fuzzing.TARGETS, 7) == 1
    assert [command[3:] for command in commands] == [
        [target, "--seconds=7"] for target in fuzzing.TARGETS
    ]
    assert "urls     FAILED (1)" in capsys.readouterr().out


def test_nothing_found(commands: list[list[str]]) -> None:
    assert fuzzing.run_fuzzers(("images",), 7) == 0
    assert len(commands) == 1


def test_every_fuzzer_has_its_module() -> None:
    for target in fuzzing.TARGETS:
        assert (GATEWAY / "fuzz" / f"{target}.py").is_file()
