"""What one stack is run with isn't seen by the next, nor by whatever else this process starts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from local.engine.process import EngineProcess


def pulumi(folder: Path, version: str) -> Path:
    """A program in the place of Pulumi that says its version, and nothing else."""
    folder.mkdir()
    program = folder / "pulumi"
    program.write_text(f"#!/bin/sh\necho v{version}\n")
    program.chmod(0o755)
    return program


def engine(folder: Path, version: str) -> EngineProcess:
    process = EngineProcess(folder / "engine")
    process.write_launcher(pulumi(folder, version))
    return process


def test_each_engine_is_called_by_its_own_launcher(tmp_path: Path) -> None:
    first, second = (engine(tmp_path / name, f"3.1.{name}") for name in "12")
    called = [str(each.command().version) for each in (first, second, first)]
    assert called == ["3.1.1", "3.1.2", "3.1.1"]


def test_the_users_own_pulumi_stays_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = pulumi(tmp_path / "theirs", "3.1.0")
    monkeypatch.setenv("PATH", str(theirs.parent), prepend=":")
    engine(tmp_path / "ours", "3.1.1").command()
    assert shutil.which("pulumi") == str(theirs)
