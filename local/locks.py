"""Locks between processes of this tool, held as long as the process that took them lives.

They are the kernel's (flock), so a killed process leaves none that has to be broken.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalError
from local.paths import CONTEXTS, cache_dir, state_root

_FILE = "lock"


@dataclass(frozen=True)
class Holder:
    """Who holds a lock: process id and what it does, such as `make up`."""

    pid: int
    verb: str

    def __str__(self) -> str:
        return f"`{self.verb}` (process {self.pid})"


@contextmanager
def cluster_lock(name: str, verb: str) -> Iterator[None]:
    """Makes `verb` the only one that changes this cluster.

    Raises `LocalError` naming the other one. Leaves no file, and no folder that it made itself.
    """
    file = state_root() / name / _FILE
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = _open_locked(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    if descriptor is None:
        raise LocalError(busy(name, _read(file)))
    try:
        _record(descriptor, verb)
        yield
    finally:
        file.unlink(missing_ok=True)
        os.close(descriptor)
        with contextlib.suppress(OSError):  # it holds a cluster's state, as it should
            file.parent.rmdir()


def cluster_holder(name: str) -> Holder | None:
    """Who works on this cluster now; None when nobody does."""
    return holder_of(state_root() / name / _FILE)


def holders_beside(name: str | None) -> list[Holder]:
    """Who works on any cluster or context of this user but that one."""
    root = state_root()
    files = sorted([*root.glob(f"*/{_FILE}"), *root.glob(f"{CONTEXTS}/*/{_FILE}")])
    others = [each for each in files if name is None or each != root / name / _FILE]
    return [holder for each in others if (holder := holder_of(each)) is not None]


def busy(name: str, holder: Holder | None) -> str:
    """The line that tells a second one to wait."""
    other = holder or "another process"
    stop = f" or end it with: kill -INT {holder.pid}" if holder else ""
    return f"{other} works on cluster '{name}'; wait for it{stop}"


@contextmanager
def product_lock(product: str, waiting: Callable[[str], None]) -> Iterator[None]:
    """Makes this process the only one that makes `product` in the cache; waits for its turn.

    `waiting` is told whom it waits for. Programs that are run meanwhile hold the lock too: those
    of a killed run finish before the next one starts on the same product.
    """
    file = cache_dir() / "locks" / f"{product.replace('/', '-')}.lock"
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _open_locked(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    if descriptor is None:
        waiting(f"waiting for {_read(file) or 'another process'}, which makes {product}")
        descriptor = _open_locked(file, fcntl.LOCK_EX)
    assert descriptor is not None
    try:
        _record(descriptor, "make up")
        os.set_inheritable(descriptor, True)
        yield
    finally:
        # Given back for programs, too, that other threads started meanwhile and that hold a copy.
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)  # the file stays: the next one may have it open already


def holder_of(file: Path) -> Holder | None:
    """Who holds the lock in `file`, without taking it for longer than the look."""
    try:
        descriptor = os.open(file, os.O_RDWR)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(file) or Holder(0, "another process")
    finally:
        os.close(descriptor)
    return None


def _open_locked(file: Path, how: int) -> int | None:
    """A descriptor that holds the lock; None when somebody else does and `how` won't wait."""
    while True:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, how)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        if _is_still(file, descriptor):
            return descriptor
        os.close(descriptor)  # its holder removed the file while we waited: that one locks nothing


def _is_still(file: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(file.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _record(descriptor: int, verb: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "verb": verb}).encode(), 0)


def _read(file: Path) -> Holder | None:
    try:
        return Holder(**json.loads(file.read_text()))
    except (OSError, ValueError, TypeError):  # just taken, or just given back
        return None
