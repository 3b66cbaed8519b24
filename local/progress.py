"""What the user sees while long work runs: its start, a heartbeat, its end.

Each step has a log file; the closing summary says what took how long, and which steps the end had
to wait for.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from local.errors import StoppedError

HEARTBEAT_SECONDS = 20.0
_NAME_WIDTH = 13


class Step:
    """One piece of long work, begun when the steps `after` were done.

    `note` replaces what the closing line says.
    """

    def __init__(self, name: str, doing: str, log: Path, after: Sequence[Step]) -> None:
        self.name = name
        self.log = log
        self.after = after
        self.outcome = "done"
        self.seconds = 0.0
        self._doing = doing
        self.started = self._doing_since = time.monotonic()
        self._ended = threading.Event()
        self._heartbeat = threading.Thread(target=self._beat, daemon=True)

    def note(self, outcome: str) -> None:
        self.outcome = outcome

    def doing(self, what: str) -> None:
        """Says what the step does now."""
        self._doing, self._doing_since = what, time.monotonic()
        self._say(f"{what} …")

    def __enter__(self) -> Step:
        self._say(f"{self._doing} …")
        self._heartbeat.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.seconds = time.monotonic() - self.started
        self._ended.set()
        if kind is None:
            self._say(f"{self.outcome} ({self.seconds:.1f} s)")
        elif isinstance(error, StoppedError):
            self._say(f"stopped after {self.seconds:.1f} s")
        else:
            self._say(f"failed after {self.seconds:.1f} s; log: {self.log}")

    def _beat(self) -> None:
        while not self._ended.wait(HEARTBEAT_SECONDS):
            elapsed = time.monotonic() - self._doing_since
            self._say(f"… still: {self._doing} ({elapsed:.0f} s so far)")

    def _say(self, text: str) -> None:
        say(f"  {self.name:<{_NAME_WIDTH}} {text}")


class Progress:
    """The steps of one run, in the order of their start."""

    def __init__(self, log_dir: Path) -> None:
        self._log_dir = log_dir
        self._steps: list[Step] = []
        self._started = time.monotonic()

    @contextmanager
    def step(self, name: str, doing: str, *, after: Sequence[str] | None = None) -> Iterator[Step]:
        """`after` names the steps that this one waited for; by default all that began earlier."""
        self._log_dir.mkdir(parents=True, exist_ok=True)
        log = self._log_dir / f"{name.replace(' ', '-')}.log"
        log.write_text("")
        earlier = [each for each in self._steps if after is None or each.name in after]
        step = Step(name, doing, log, earlier)
        self._steps.append(step)
        with step:
            yield step

    def summary(self) -> str:
        """A table of what took how long, with the steps marked that the end had to wait for."""
        waited_for = self._critical_path()
        rows = [
            f"{'*' if step in waited_for else ' ':<2}{step.name:<{_NAME_WIDTH}} "
            f"{step.seconds:7.1f} s  {step.outcome}"
            for step in self._steps
        ]
        total = time.monotonic() - self._started
        rows.append(f"  {'total':<{_NAME_WIDTH}} {total:7.1f} s")
        if len(waited_for) < len(self._steps):
            rows.append("  * the critical path: the others ran beside it")
        return "\n".join(rows)

    def _critical_path(self) -> list[Step]:
        """From the last step back, always to the one whose end the next one waited for."""
        path = self._steps[-1:]
        while path and path[-1].after:
            path.append(max(path[-1].after, key=lambda step: step.started + step.seconds))
        return path


def say(text: str) -> None:
    """Prints a line. Ends the run, as SIGPIPE would, when nobody reads any more (`| head`)."""
    try:
        sys.stdout.write(f"{text}\n")  # at once: lines of steps running at once stay whole
        sys.stdout.flush()
    except BrokenPipeError:
        # What is left in the buffer would fail again when Python closes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(128 + signal.SIGPIPE) from None


def complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
