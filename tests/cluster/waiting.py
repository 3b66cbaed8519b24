"""Waiting for something that a cluster does in its own time."""

from __future__ import annotations

import time
from collections.abc import Callable

_POLL_SECONDS = 1.0


def eventually(
    happened: Callable[[], bool],
    *,
    timeout_seconds: float,
    what: str,
    poll_seconds: float = _POLL_SECONDS,
) -> None:
    """Returns once it happened; fails the test naming `what` when it doesn't in time."""
    deadline = time.monotonic() + timeout_seconds
    while not happened():
        assert time.monotonic() < deadline, f"waited {timeout_seconds:.0f} s in vain for {what}"
        time.sleep(poll_seconds)
