"""Writing files so that a reader never sees half of one, and what folders hold."""

from __future__ import annotations

import contextlib
from pathlib import Path


def write_if_changed(file: Path, text: str, *, mode: int = 0o644) -> bool:
    """Writes `text` by rename, unless the file holds it already; returns whether it wrote."""
    if file.exists() and file.read_text() == text:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.new")
    new.touch(mode=mode)
    new.write_text(text)
    new.replace(file)
    return True


def bytes_on_disk(folder: Path) -> int:
    """The disk space that a folder's files take; files that go away meanwhile don't count."""
    total = 0
    for file in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            total += file.lstat().st_blocks * 512  # the unit of stat(2), whatever the disk's is
    return total
