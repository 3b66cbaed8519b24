"""tests/tutorial/terminal.py: a shell as a reader has it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tutorial.terminal import Terminal

_SECONDS = 30


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with Terminal(tmp_path, {"CLUSTER": "other"}) as terminal:
        yield terminal


def _typed(terminal: Terminal, command: str) -> str:
    ended = terminal.type(command, timeout_seconds=_SECONDS)
    assert ended.code == 0
    return ended.printed


def test_variables_and_folder_last(terminal: Terminal, tmp_path: Path) -> None:
    assert _typed(terminal, "version=2") == ""
    assert _typed(terminal, "echo $version \\\n  $CLUSTER; pwd") == f"2 other\n{tmp_path}"


def test_errors_are_printed_and_the_exit_code_is_told(terminal: Terminal) -> None:
    ended = terminal.type("echo no >&2; false", timeout_seconds=_SECONDS)
    assert (ended.code, ended.printed) == (1, "no")


def test_a_command_cannot_eat_the_next_one(terminal: Terminal) -> None:
    assert _typed(terminal, "cat") == ""
    assert _typed(terminal, "echo still here") == "still here"


def test_what_runs_in_the_background_can_be_ended(terminal: Terminal) -> None:
    assert _typed(terminal, "sleep 100 &") == ""
    assert _typed(terminal, "load=$!") == ""
    assert _typed(terminal, "kill $load") == ""
    assert terminal.type("wait $load", timeout_seconds=_SECONDS).code == 128 + 15


def test_what_takes_too_long_is_ended_with_what_it_said(terminal: Terminal) -> None:
    with pytest.raises(TimeoutError, match="began"):
        terminal.type("echo began; sleep 100", timeout_seconds=0.5)


def test_what_other_tests_set_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_ANOTHER_TEST", "set")
    monkeypatch.setenv("MAKELEVEL", "1")
    with Terminal(tmp_path, {}) as terminal:
        ended = terminal.type('echo "[$OF_ANOTHER_TEST$MAKELEVEL]"', timeout_seconds=_SECONDS)
    assert ended.printed == "[]"
