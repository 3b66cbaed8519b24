"""What long commands are at, one line per step on stdout."""

import time
from collections.abc import Callable

Progress = Callable[[str], None]


def progress_since_now() -> Progress:
    """Prints each message with the seconds that have passed."""
    started = time.monotonic()

    def report(message: str) -> None:
        print(f"[{time.monotonic() - started:6.1f} s] {message}", flush=True)

    return report
