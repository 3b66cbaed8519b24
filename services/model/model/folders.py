"""Put a folder into place, or take it away, so that nobody ever sees it half there.

TF Serving loads a version as soon as its number appears, complete or not (tensorflow/serving#1086,
#572). So a version is written under a name that isn't a number, on the same volume, flushed to
disk, and renamed.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from model.disk import DISK, Disk

# A leading dot and no number: every version scan skips these names.
INCOMING_PREFIX = ".incoming-"
OUTGOING_PREFIX = ".outgoing-"


def incoming_name(target: Path) -> Path:
    """The temporary sibling under which the future `target` is written."""
    return target.with_name(f"{INCOMING_PREFIX}{target.name}")


def put_in_place(incoming: Path, target: Path) -> None:
    """Flush `incoming` and rename it to `target`, replacing an older one; durable on return."""
    for path in _files_in(incoming):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            DISK.flush(descriptor)
        finally:
            os.close(descriptor)
    rename_into_place(incoming, target, DISK)


def rename_into_place(incoming: Path, target: Path, disk: Disk) -> None:
    """The second half of it, for a folder whose files are flushed already.

    Replacing takes two renames; killed between them, the folder is missing, not mixed.
    """
    for folder in folders_in(incoming):
        disk.flush_folder(folder)
    outgoing = _outgoing_name(target)
    if os.path.lexists(target):
        disk.rename(target, outgoing)
    disk.rename(incoming, target)
    disk.flush_folder(target.parent)
    if os.path.lexists(outgoing):
        disk.remove(outgoing)


def take_away(target: Path, disk: Disk = DISK) -> None:
    """Remove a folder: its name is gone before the first of its files is."""
    outgoing = _outgoing_name(target)
    disk.rename(target, outgoing)
    disk.flush_folder(target.parent)
    disk.remove(outgoing)


def leftovers(parent: Path) -> list[str]:
    """Names in `parent` that interrupted runs left."""
    prefixes = (INCOMING_PREFIX, OUTGOING_PREFIX)
    return sorted(path.name for path in parent.iterdir() if path.name.startswith(prefixes))


def folders_in(root: Path) -> Iterator[Path]:
    """All folders below `root`, the inner ones first, `root` last."""
    for folder, _, _ in os.walk(root, topdown=False):
        yield Path(folder)


def _files_in(root: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(root):
        yield from (Path(folder, name) for name in names)


def _outgoing_name(target: Path) -> Path:
    return target.with_name(f"{OUTGOING_PREFIX}{target.name}")
