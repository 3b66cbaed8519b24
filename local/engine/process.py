"""The engine as a process: it ends in order when we are interrupted, and is recognised later.

It runs in a session of its own. A Ctrl-C, which goes to all processes of a terminal, so reaches it
once and through us: a second signal would make it give up without saving what it has begun.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from pulumi import automation as auto

from local.files import write_if_changed
from local.plugins.shared.launching import EXECUTABLE_PREFIX, MODULE_PREFIX
from local.progress import say

_POLL_SECONDS = 0.1


class EngineProcess:
    """The `pulumi` program that works on the state below `engine`."""

    def __init__(self, engine: Path) -> None:
        self._pid_file = engine / "pulumi.pid"
        self.launcher = engine / "bin" / "pulumi"

    def write_launcher(self, pulumi: Path) -> None:
        """Writes the program that is called in the place of `pulumi`."""
        script = (
            "#!/bin/sh\n"
            f"echo $$ >{shlex.quote(str(self._pid_file))}\n"
            f'exec setsid {shlex.quote(str(pulumi))} "$@"\n'
        )
        write_if_changed(self.launcher, script, mode=0o755)

    def command(self) -> auto.PulumiCommand:
        """The launcher for the Automation API, which looks `pulumi` up on the PATH otherwise.

        It asks the program for its version at once: a process that is still known is forgotten.
        """
        return auto.PulumiCommand(root=str(self.launcher.parent.parent))

    def pid(self) -> int | None:
        """The process of the last command, if it still runs."""
        try:
            pid = int(self._pid_file.read_text())
        except (FileNotFoundError, ValueError):
            return None
        return pid if is_pulumi(pid) else None

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """Lets an interrupted engine finish what it has begun, then raises `KeyboardInterrupt`."""
        interrupted = False

        def pass_on(*_: int | FrameType | None) -> None:
            nonlocal interrupted
            if not interrupted:
                say("  engine      stopping: it ends what it has begun; once more ends it at once")
            interrupted = True
            self.interrupt()

        before = {each: signal.signal(each, pass_on) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            if interrupted:
                raise KeyboardInterrupt

    def interrupt(self) -> None:
        """Asks a running engine to end in order; asked twice it ends at once."""
        pid = self.pid()
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)


def is_pulumi(pid: int) -> bool:
    """Whether that process runs and is Pulumi's engine: a pid alone may be another's by now."""
    found = _stat(pid)
    return found is not None and found.name == "pulumi"


def end_plugins(engine: int) -> None:
    """Kills the plugins that a killed engine left behind, and returns when they are gone.

    A plugin notices the engine's death by itself, but only after a while.
    """
    for pid in plugins(engine):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while plugins(engine):
        time.sleep(_POLL_SECONDS)


def plugins(engine: int) -> list[int]:
    """The plugins of that engine, whether it lives or not: they are in its session."""
    pids = [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]
    found = [(pid, _stat(pid)) for pid in pids if pid != engine and _is_plugin(pid)]
    return [pid for pid, stat in found if stat is not None and stat.session == engine]


@dataclass(frozen=True)
class _Stat:
    name: str
    session: int


def _stat(pid: int) -> _Stat | None:
    """Of a process that runs (proc_pid_stat(5)); None once it has ended, even if not buried yet."""
    try:
        _, _, rest = Path(f"/proc/{pid}/stat").read_text().partition(" (")
    except (FileNotFoundError, ProcessLookupError):
        return None
    name, _, fields = rest.rpartition(") ")
    state, _, _, session, *_ = fields.split()
    return None if state in "ZX" else _Stat(name, int(session))


def _is_plugin(pid: int) -> bool:
    """By its command line: a session's number may be another's by now."""
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return any(
        each.startswith(MODULE_PREFIX) or Path(each).name.startswith(EXECUTABLE_PREFIX)
        for each in arguments
    )


def wait_for_end(pid: int, timeout_seconds: float) -> bool:
    """Whether the engine of that process ended within the time."""
    deadline = time.monotonic() + timeout_seconds
    while is_pulumi(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True
