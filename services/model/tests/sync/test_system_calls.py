"""The order of system calls, seen by strace: whole and durable before it has a name."""

import os
import sys
from pathlib import Path
from typing import ClassVar

import pytest

from sync.mutants import MUTANTS
from sync.system_calls import Call, faults, parse, traced, written_outside
from sync.versions import content, write_large_version

SERVICE = Path(__file__).parents[2]
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "PYTHONPATH": f"{SERVICE}:{SERVICE / 'tests'}",
    "PYTHONDONTWRITEBYTECODE": "1",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    write_large_version(folder, 1, files=20, file_bytes=2_500_000)
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "volume" / "digits"


def calls_of(tmp_path: Path, *arguments: str | Path) -> list[Call]:
    command = [sys.executable, *map(str, arguments)]
    return traced(command, tmp_path / "strace", ENVIRONMENT, tmp_path)


class TestGenuine:
    """The command as the pod runs it, with all of its threads."""

    def test_order(self, source: Path, target: Path, tmp_path: Path) -> None:
        sync = ("-m", "model", "sync", "--source", source, "--target", target)
        calls = calls_of(tmp_path, *sync)
        assert faults(calls, target / "1") == []
        assert written_outside(calls, target.parent) == []
        assert content(target / "1") == content(source / "1")
        # The trace has seen the copy: every file in pieces of at most a mebibyte.
        assert sum(c.name == "write" and target in c.paths[0].parents for c in calls) >= 20 * 3


class TestMutants:
    """A copy that breaks one of the rules is found out."""

    SAID: ClassVar = {
        "write_under_the_final_name": "0 renames to 1",
        "forget_the_files": "is not flushed between its last write and the rename",
        "forget_the_folders": "is not flushed before the rename",
        "forget_the_parent": "the parent is not flushed after the rename",
        "rename_first": "is not flushed before the rename",
    }

    @pytest.mark.parametrize("mutant", MUTANTS)
    def test_found(self, source: Path, target: Path, tmp_path: Path, mutant: str) -> None:
        script = SERVICE / "tests" / "sync" / "one_round.py"
        calls = calls_of(tmp_path, script, source, target, mutant)
        assert any(self.SAID[mutant] in fault for fault in faults(calls, target / "1"))


class TestParser:
    """Calls of threads that strace shows in two pieces are put together."""

    def test_interleaved_threads(self) -> None:
        lines = [
            "7 fsync(5</v/.incoming-1/a> <unfinished ...>",
            '8 openat(AT_FDCWD, "/v/.incoming-1/b", O_RDWR|O_CREAT, 0644) = 6</v/.incoming-1/b>',
            "7 <... fsync resumed>) = 0",
            '8 rename("/v/.incoming-1", "/v/1") = -1 ENOENT (No such file or directory)',
        ]
        flush, made = sorted(parse(lines, Path("/")), key=lambda call: call.began)
        assert (flush.name, flush.paths, flush.began, flush.ended) == (
            "fsync",
            (Path("/v/.incoming-1/a"),),
            0,
            2,
        )
        assert (made.paths, made.creates) == ((Path("/v/.incoming-1/b"),), True)
