"""What the user sees while long work runs: its start, a heartbeat, its end.

Each step has a log file; the closing summary says what took how long.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

HEARTBEAT_SECONDS = 20.0


class Step:
    """One piece of long work. `note` replaces what the closing line says."""

    def __init__(self, name: str, doing: str, log: Path) -> None:
        self.name = name
        self.log = log
        self.outcome = "done"
        self.seconds = 0.0
        self._doing = doing
        self._started = self._doing_since = time.monotonic()
        self._ended = threading.Event()
        self._heartbeat = threading.Thread(target=self._beat, daemon=True)

    def note(self, outcome: str) -> None:
        self.outcome = outcome

    def doing(self, what: str) -> None:
        """Says what the step does now."""
        self._doing, self._doing_since = what, time.monotonic()
        say(f"  {self.name:<11} {what} …")

    def __enter__(self) -> Step:
        say(f"  {self.name:<11} {self._doing} …")
        self._heartbeat.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.seconds = time.monotonic() - self._started
        self._ended.set()
        if kind is None:
            say(f"  {self.name:<11} {self.outcome} ({self.seconds:.1f} s)")
        else:
            say(f"  {self.name:<11} failed after {self.seconds:.1f} s; log: {self.log}")

    def _beat(self) -> None:
        while not self._ended.wait(HEARTBEAT_SECONDS):
            elapsed = time.monotonic() - self._doing_since
            say(f"  {self.name:<11} … still: {self._doing} ({elapsed:.0f} s so far)")


class Progress:
    """The steps of one run, in order."""

    def __init__(self, log_dir: Path) -> None:
        self._log_dir = log_dir
        self._steps: list[Step] = []
        self._started = time.monotonic()

    @contextmanager
    def step(self, name: str, doing: str) -> Iterator[Step]:
        self._log_dir.mkdir(parents=True, exist_ok=True)
        log = self._log_dir / f"{name}.log"
        log.write_text("")
        step = Step(name, doing, log)
        self._steps.append(step)
        with step:
            yield step

    def summary(self) -> str:
        """A table of what took how long."""
        rows = [f"  {step.name:<11} {step.seconds:7.1f} s  {step.outcome}" for step in self._steps]
        total = time.monotonic() - self._started
        return "\n".join([*rows, f"  {'total':<11} {total:7.1f} s"])


def say(text: str) -> None:
    print(text, flush=True)


def complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
