"""Temporary folders in the cache that don't outlive a killed run: the next one sweeps them."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.paths import cache_dir


@contextmanager
def scratch(name: str) -> Iterator[Path]:
    """An empty folder on the cache's file system, so that a product is moved from it by rename.

    Whatever runs inside holds it too: a compiler that outlives a killed run keeps its folder.
    """
    root = _root()
    root.mkdir(exist_ok=True)
    with _locked(root, fcntl.LOCK_SH):  # the sweeper waits between the making and the locking
        folder = Path(tempfile.mkdtemp(dir=root, prefix=f"{name}-"))
        descriptor = os.open(folder, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    os.set_inheritable(descriptor, True)
    try:
        yield folder
    finally:
        os.close(descriptor)
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> int:
    """Removes what killed runs left; returns how many folders."""
    root = _root()
    if not root.is_dir():
        return 0
    with _locked(root, fcntl.LOCK_EX):
        leftovers = [folder for folder in root.iterdir() if not _is_held(folder)]
    for folder in leftovers:
        shutil.rmtree(folder, ignore_errors=True)
    return len(leftovers)


def _root() -> Path:
    return cache_dir() / "scratch"


def _is_held(folder: Path) -> bool:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)
