"""Processes of containers: the cluster's are this machine's, and get its signals."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def processes_of(pod: Mapping[str, Any], container: str) -> dict[int, str]:
    """The command of each process of a pod's container, by its number on this machine.

    One that has ended has no command any more, though its parent may not know yet.
    """
    [status] = [each for each in pod["status"]["containerStatuses"] if each["name"] == container]
    container_id = status["containerID"].rpartition("/")[2]
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
            if command and container_id in (folder / "cgroup").read_text():
                found[int(folder.name)] = command
    return found


def running(pids: Iterable[int]) -> set[int]:
    """Those that have not ended. One that has ended has closed its files, known or not."""
    return {pid for pid in pids if _state(pid) not in ("", "Z", "X")}


def _state(pid: int) -> str:
    """As proc_pid_stat(5) calls it, or nothing where there is no such process any more."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return stat.rpartition(")")[2].split()[0]  # the name before it may hold anything


@contextmanager
def stopped(pids: Iterable[int]) -> Iterator[None]:
    """The processes do nothing within the block, and go on after it."""
    pids = list(pids)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            _send(pid, signal.SIGCONT)


def kill(pids: Iterable[int], how: signal.Signals) -> None:
    """Ends processes by a signal, stopped ones too."""
    for pid in pids:
        os.kill(pid, how)
        _send(pid, signal.SIGCONT)  # all but SIGKILL would wait for it


def _send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # its parent knows already that it ended
        os.kill(pid, number)
