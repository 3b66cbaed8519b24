"""The live view: a picture that is drawn anew in place until Ctrl-C or q."""

from __future__ import annotations

import os
import select
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from rich.console import Console, RenderableType
from rich.live import Live

REFRESH_SECONDS = 3.0
_CTRL_C = b"\x03"


def watch(console: Console, draw: Callable[[], RenderableType]) -> None:
    """Draws again and again; leaves the last picture on the normal screen."""
    picture = draw()
    with (
        suppress(KeyboardInterrupt),
        _leaving() as asked_within,
        Live(picture, console=console, screen=True, auto_refresh=False) as live,
    ):
        live.refresh()
        while not asked_within(REFRESH_SECONDS):
            picture = draw()
            live.update(picture, refresh=True)
    console.print(picture)


@contextmanager
def _leaving() -> Iterator[Callable[[float], bool]]:
    """Gives a function that waits so many seconds and tells whether the user asked to leave.

    Ctrl-C is read as a key: as a signal it would also end `make`, which then reports a failure.
    """
    if not sys.stdin.isatty():
        yield _sleep
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    raw = termios.tcgetattr(terminal)
    raw[3] &= ~(termios.ISIG | termios.ICANON | termios.ECHO)
    termios.tcsetattr(terminal, termios.TCSADRAIN, raw)
    try:
        yield lambda seconds: _key_within(terminal, seconds) in (_CTRL_C, b"q")
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _key_within(terminal: int, seconds: float) -> bytes:
    ready, _, _ = select.select([terminal], [], [], seconds)
    return os.read(terminal, 1) if ready else b""


def _sleep(seconds: float) -> bool:
    time.sleep(seconds)
    return False
