"""Writing files so that a reader never sees half of one."""

from __future__ import annotations

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
