"""What a killed engine leaves behind: its lock, and plugins that it had started."""

from __future__ import annotations

import json
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from local.engine.checkpoint import stacks_folder
from local.engine.process import EngineProcess, end_plugins, is_pulumi, wait_for_end
from local.errors import LocalError
from local.paths import PROJECT

_FINISH_SECONDS = 60.0


@dataclass(frozen=True)
class EngineLock:
    """A lock of the file backend (pkg/backend/diy/lock.go in pulumi/pulumi)."""

    file: Path
    pid: int
    host: str


def release_stale_locks(backend: Path, stack: str, process: EngineProcess) -> list[int]:
    """Removes the locks of engines that don't run any more; returns their process ids.

    One that outlived a killed `make up` is asked to end first. Raises `LocalError` for a lock
    that somebody else holds.
    """
    locks = _locks(backend, stack)
    for lock in locks:
        if lock.host == socket.gethostname() and lock.pid == process.pid():
            process.interrupt()
            wait_for_end(lock.pid, _FINISH_SECONDS)
        if lock.host != socket.gethostname() or is_pulumi(lock.pid):
            raise LocalError(
                f"a Pulumi engine works on this stack (process {lock.pid} on {lock.host}); wait "
                f"for it; if it runs no more, remove {lock.file}"
            )
        end_plugins(lock.pid)  # else they write to the cluster while the next run reads it
        lock.file.unlink(missing_ok=True)
    return [lock.pid for lock in locks]


def mend_checkpoint(backend: Path, stack: str) -> bool:
    """Takes the last whole checkpoint where the next one is on disk in half, after a power cut.

    The engine copies the one before it to `.bak` first (pkg/backend/diy/state.go in
    pulumi/pulumi); operations that were open then are open in it.
    Returns whether it was needed. The very first one has none before it: nothing was made yet.
    """
    checkpoint = stacks_folder(backend) / f"{stack}.json"
    if not checkpoint.exists() or _is_whole(checkpoint):
        return False
    before = checkpoint.with_name(f"{checkpoint.name}.bak")
    if before.exists() and _is_whole(before):
        shutil.copyfile(before, checkpoint)
    else:
        checkpoint.unlink()
    return True


def remove_half_written(backend: Path) -> None:
    """Removes what an engine that was killed while it wrote a checkpoint left beside it.

    The checkpoint comes by rename, its attributes (`.attrs`) don't: with half of them the engine
    reads no checkpoint (`EOF`), without them it does (blob/fileblob/attrs.go in gocloud.dev).
    """
    stacks = stacks_folder(backend)
    for file in stacks.glob("*.attrs"):
        if not _is_whole(file):
            file.unlink()
    for file in stacks.glob("*.tmp"):
        file.unlink()


def _is_whole(file: Path) -> bool:
    try:
        json.loads(file.read_text())
    except ValueError:
        return False
    return True


def _locks(backend: Path, stack: str) -> list[EngineLock]:
    folder = backend / ".pulumi" / "locks" / "organization" / PROJECT / stack
    return [_read(file) for file in sorted(folder.glob("*.json"))]


def _read(file: Path) -> EngineLock:
    try:
        content = json.loads(file.read_text())
        return EngineLock(file, int(content["pid"]), str(content["hostname"]))
    except (ValueError, KeyError, TypeError):  # killed while it wrote the lock itself
        return EngineLock(file, 0, socket.gethostname())
