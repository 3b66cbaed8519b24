"""Environments are made once per pinned set, and a half-made one is never used."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.errors import CommandError
from local.progress import Progress
from local.venvs import ensure_venv, find_venv


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def pinned(tmp_path: Path) -> Path:
    file = tmp_path / "requirements.txt"
    file.write_text("# nothing\n")
    return file


def _ensure(pinned: Path, tmp_path: Path) -> Path:
    with Progress(tmp_path / "logs").step("python", "preparing") as step:
        return ensure_venv("some", [pinned], step)


def test_it_is_made_once(pinned: Path, tmp_path: Path) -> None:
    assert find_venv("some", [pinned]) is None
    python = _ensure(pinned, tmp_path)
    made = python.lstat().st_mtime_ns
    assert _ensure(pinned, tmp_path) == python
    assert python.lstat().st_mtime_ns == made


def test_another_pinned_set_is_another_environment(pinned: Path, tmp_path: Path) -> None:
    first = _ensure(pinned, tmp_path)
    pinned.write_text("# something else\n")
    assert find_venv("some", [pinned]) is None
    assert _ensure(pinned, tmp_path) != first


def test_a_failed_installation_leaves_none(pinned: Path, tmp_path: Path) -> None:
    pinned.write_text("/no/such/package.whl --hash=sha256:00\n")
    with pytest.raises(CommandError):
        _ensure(pinned, tmp_path)
    assert find_venv("some", [pinned]) is None


def test_one_that_a_killed_run_left_is_made_again(pinned: Path, tmp_path: Path) -> None:
    python = _ensure(pinned, tmp_path)
    (python.parent.parent / ".complete").unlink()
    (python.parent.parent / "half-made").touch()
    assert find_venv("some", [pinned]) is None
    assert _ensure(pinned, tmp_path) == python
    assert not (python.parent.parent / "half-made").exists()
