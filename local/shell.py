"""Running other programs: output to a step's log, failures as one readable error."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from local.errors import CommandError, StoppedError

TAIL_LINES = 15
STOP_SECONDS = 10.0


class _Programs:
    """The programs that run now, of all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self.is_stopping = False

    @contextmanager
    def running(self, process: subprocess.Popen[str]) -> Iterator[None]:
        with self._lock:
            self._running.add(process)
            if self.is_stopping:  # started while the others were ended
                process.terminate()
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(process)

    def stop(self) -> None:
        """Ends all: asked first, then forced."""
        with self._lock:
            self.is_stopping = True
            asked = list(self._running)
        for process in asked:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in asked:
            _end(process, deadline - time.monotonic())


_programs = _Programs()


@contextmanager
def stoppable_programs() -> Iterator[Callable[[], None]]:
    """Gives a function that ends the programs of all threads and lets none start any more."""
    try:
        yield _programs.stop
    finally:
        _programs.is_stopping = False


def raise_if_stopped() -> None:
    """Raises `StoppedError` once the programs of all threads are to end."""
    if _programs.is_stopping:
        raise StoppedError


def run(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: str | None = None,
    timeout_seconds: float | None = None,
    holds_locks: bool = True,
) -> None:
    """Runs a program with its output appended to `log`.

    It holds the locks of what is made now (local/locks.py), should it outlive us, unless told not
    to. Threads that run beside each other hand on each other's too, so their number varies.

    Raises `CommandError` with the last lines of the output when it fails or takes too long, and
    `StoppedError` when another thread ended it.
    """
    raise_if_stopped()
    with log.open("a") as sink:
        sink.write(f"$ {' '.join(map(str, command))}\n")
        sink.flush()
        start = sink.tell()
        try:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdout=sink,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
                text=True,
                cwd=cwd,
                env={**os.environ, **(env or {})},
                close_fds=not holds_locks,
            )
        except FileNotFoundError as error:
            raise CommandError(f"{command[0]} is not installed ({error})") from error
        with _programs.running(process), ended_with_us(process):
            try:
                process.communicate(stdin, timeout=timeout_seconds)
            except subprocess.TimeoutExpired as error:
                raise CommandError(
                    f"{command[0]} took longer than {timeout_seconds:.0f} s; log: {log}"
                ) from error
    if process.returncode != 0:
        raise_if_stopped()
        tail = log.read_text(errors="replace")[start:].splitlines()[-TAIL_LINES:]
        raise CommandError(
            f"{Path(command[0]).name} failed with exit code {process.returncode}; log: {log}\n"
            + "\n".join(f"    {line}" for line in tail)
        )


@contextmanager
def first_on_path(folder: Path) -> Iterator[None]:
    """Programs of this folder go before all others meanwhile, in all threads of this process."""
    before = os.environ["PATH"]
    os.environ["PATH"] = f"{folder}{os.pathsep}{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before


@contextmanager
def ended_with_us(process: subprocess.Popen[str]) -> Iterator[None]:
    """Whatever happens inside, the program has ended afterwards: asked first, then forced."""
    try:
        yield
    except BaseException:
        process.terminate()
        _end(process, STOP_SECONDS)
        raise


def _end(process: subprocess.Popen[str], timeout_seconds: float) -> None:
    try:
        process.wait(max(timeout_seconds, 0))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def output(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    stdin: str | None = None,
) -> str:
    """The standard output of a short command. Raises `CommandError` when it fails."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            input=stdin,
            env={**os.environ, **(env or {})},
            check=False,
        )
    except FileNotFoundError as error:
        raise CommandError(f"{command[0]} is not installed ({error})") from error
    if done.returncode != 0:
        raise CommandError(
            f"{' '.join(map(str, command))} failed with exit code {done.returncode}: "
            f"{done.stderr.strip() or done.stdout.strip()}"
        )
    return done.stdout
