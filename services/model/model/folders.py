"""Put a folder into place so that nobody ever sees it half written.

TF Serving loads a version as soon as its number appears, complete or not (tensorflow/serving#1086,
#572). So a version is written under a name that isn't a number, on the same volume, flushed to
disk, and renamed.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

# A leading dot and no number: every version scan skips these names.
INCOMING_PREFIX = ".incoming-"
OUTGOING_PREFIX = ".outgoing-"


def incoming_name(target: Path) -> Path:
    """The temporary sibling under which the future `target` is written."""
    return target.with_name(f"{INCOMING_PREFIX}{target.name}")


def put_in_place(incoming: Path, target: Path) -> None:
    """Rename `incoming` to `target`, replacing an older one; durable when it returns.

    Replacing takes two renames; killed between them, the folder is missing, not mixed.
    """
    _flush_tree(incoming)
    outgoing = target.with_name(f"{OUTGOING_PREFIX}{target.name}")
    if target.exists():
        target.rename(outgoing)
    incoming.rename(target)
    _flush(target.parent)
    shutil.rmtree(outgoing, ignore_errors=True)


def remove_leftovers(parent: Path) -> list[str]:
    """Delete what interrupted runs left in `parent`; returns the names."""
    leftovers = sorted(
        path.name
        for path in parent.iterdir()
        if path.name.startswith((INCOMING_PREFIX, OUTGOING_PREFIX))
    )
    for name in leftovers:
        shutil.rmtree(parent / name)
    return leftovers


def _flush_tree(root: Path) -> None:
    for path in _files_and_folders(root):
        _flush(path)


def _files_and_folders(root: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(root, topdown=False):
        yield from (Path(folder, name) for name in names)
        yield Path(folder)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
