"""A program that fails is one readable error, with its last words and the log."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from local.errors import CommandError, LocalError
from local.shell import first_on_path, output, run


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "step.log"


class TestRun:
    """Output goes to the log; only a failure reaches the user."""

    def test_output_is_appended_to_the_log(self, log: Path) -> None:
        run(["sh", "-c", "echo one"], log=log)
        run(["sh", "-c", "cat"], log=log, stdin="two\n")
        assert log.read_text() == "$ sh -c echo one\none\n$ sh -c cat\ntwo\n"

    def test_a_failure_shows_the_last_lines_of_its_own_output(self, log: Path) -> None:
        run(["sh", "-c", "echo earlier"], log=log)
        with pytest.raises(CommandError) as caught:
            run(["sh", "-c", "echo no space left >&2; exit 3"], log=log)
        message = str(caught.value)
        assert "exit code 3" in message
        assert "no space left" in message
        assert "earlier" not in message
        assert str(log) in message

    @pytest.mark.parametrize("holds_locks", [True, False])
    def test_it_holds_locks_unless_told_not_to(self, log: Path, holds_locks: bool) -> None:
        """A killed run's programs go on; the next run waits for those that hold its locks."""
        read, write = os.pipe()
        os.set_inheritable(write, True)
        try:
            run(["sh", "-c", f"ls /proc/self/fd/{write} || true"], log=log, holds_locks=holds_locks)
        finally:
            os.close(read)
            os.close(write)
        is_open = "No such file" not in log.read_text()
        assert is_open is holds_locks

    def test_a_missing_program_is_named(self, log: Path) -> None:
        with pytest.raises(CommandError, match="no-such-program is not installed"):
            run(["no-such-program"], log=log)

    def test_a_program_that_hangs_is_ended(self, log: Path) -> None:
        with pytest.raises(CommandError, match="longer than 0 s"):
            run(["sleep", "5"], log=log, timeout_seconds=0.1)


def test_output_of_a_failing_command_says_why() -> None:
    with pytest.raises(CommandError, match=r"exit code 4: broken"):
        output(["sh", "-c", "echo broken >&2; exit 4"])


def test_a_folder_is_first_on_the_path_and_then_not_there(tmp_path: Path) -> None:
    ours = tmp_path / "sh"
    ours.write_text("#!/bin/true\n")
    ours.chmod(0o755)
    before = shutil.which("sh")
    with pytest.raises(LocalError), first_on_path(tmp_path):
        assert shutil.which("sh") == str(ours)
        raise LocalError("an operation that fails")
    assert shutil.which("sh") == before
