"""Writing files so that a reader never sees half of one, and what folders hold."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path


def write_if_changed(file: Path, text: str, *, mode: int = 0o644) -> bool:
    """Writes `text` by rename, unless the file holds it already; returns whether it wrote."""
    if file.exists() and file.read_bytes() == text.encode():
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, text.encode(), mode=mode)
    return True


def write_atomically(file: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Writes by rename, on disk before it is visible: neither a kill nor a power cut halves it."""
    new = file.with_name(f".{file.name}.new")
    new.unlink(missing_ok=True)
    new.touch(mode=mode)
    with new.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(file)


def bytes_on_disk(folder: Path) -> int:
    """The disk space that a folder's files take; files that go away meanwhile don't count."""
    total = 0
    for file in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            total += file.lstat().st_blocks * 512  # the unit of stat(2), whatever the disk's is
    return total


def sha256_of(file: Path) -> str:
    """The digest of a file's content, in hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
