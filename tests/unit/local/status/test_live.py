"""The live view on a terminal of its own."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator

import pytest

from local.paths import REPO

_PROGRAM = """
from itertools import count
from rich.console import Console
from rich.text import Text
from local.status import live
numbers = count(1)
live.REFRESH_SECONDS = 0.05
live.watch(Console(), lambda: Text(f"picture {next(numbers)}"))
"""
_LIMIT_SECONDS = 20.0
_RESTORED_SCREEN = "\x1b[?1049l"


class Terminal:
    """A terminal with the live view on it."""

    def __init__(self) -> None:
        self._ours, theirs = pty.openpty()
        self.settings = termios.tcgetattr(theirs)
        self._theirs = theirs
        self.view = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=REPO,
            env={**os.environ, "TERM": "xterm"},
        )
        self.seen = ""

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + _LIMIT_SECONDS
        while text not in self.seen:
            assert time.monotonic() < deadline, f"{text!r} never came: {self.seen!r}"
            if select.select([self._ours], [], [], 0.1)[0]:
                self.seen += os.read(self._ours, 65536).decode()

    def press(self, key: bytes) -> None:
        os.write(self._ours, key)

    def ended(self) -> int:
        """The exit code; whatever the view still wrote has been seen then."""
        self.wait_for(_RESTORED_SCREEN)
        return self.view.wait(_LIMIT_SECONDS)

    def settings_now(self) -> list[object]:
        return termios.tcgetattr(self._theirs)

    def close(self) -> None:
        self.view.kill()
        self.view.wait()
        os.close(self._ours)
        os.close(self._theirs)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    opened = Terminal()
    yield opened
    opened.close()


@pytest.mark.parametrize("key", [b"\x03", b"q"], ids=["Ctrl-C", "q"])
def test_it_refreshes_in_place_until_a_key_ends_it(terminal: Terminal, key: bytes) -> None:
    terminal.wait_for("picture 1")
    terminal.wait_for("picture 3")
    terminal.press(b"x")
    terminal.press(key)
    assert terminal.ended() == 0
    assert terminal.settings_now() == terminal.settings


def test_an_interrupt_from_elsewhere_ends_it_too(terminal: Terminal) -> None:
    terminal.wait_for("picture 2")
    terminal.view.send_signal(signal.SIGINT)
    assert terminal.ended() == 0
    assert terminal.settings_now() == terminal.settings
