"""A shell that somebody types into, line after line."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

# As it was before any test, and without what a `make` above sets, which would have the reader's
# own say where it is.
_ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
}


@dataclass(frozen=True)
class Ended:
    """A command's exit code, and all that it printed, errors too."""

    code: int
    printed: str


class Terminal:
    """bash in a folder, with variables that last from one command to the next."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._shell = subprocess.Popen(
            ["bash", "--norc"],
            cwd=folder,
            env={**_ENVIRONMENT, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # what is left of it can be ended together
        )

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def type(self, command: str, *, timeout_seconds: float) -> Ended:
        """Raises `TimeoutError`, after which the shell is gone, with what it printed so far."""
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        mark = f"[{secrets.token_hex(8)}]"
        # The commands read nothing: what comes next on the shell's input is not for them.
        self._shell.stdin.write(f"{{ {command}\n}} < /dev/null\nprintf '\\n{mark}%d\\n' $?\n")
        self._shell.stdin.flush()
        limit = threading.Timer(timeout_seconds, self._end)
        limit.start()
        printed: list[str] = []
        try:
            for line in self._shell.stdout:
                if line.startswith(mark):
                    return Ended(int(line.removeprefix(mark)), "".join(printed).strip("\n"))
                printed.append(line)
        finally:
            limit.cancel()
        raise TimeoutError(f"{command}\ntook longer than {timeout_seconds} s:\n{''.join(printed)}")

    def _end(self) -> None:
        try:
            os.killpg(self._shell.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self._shell.wait()
