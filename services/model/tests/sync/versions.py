"""Versions to copy, written by hand: no test here needs a model that can be loaded."""

import os
from pathlib import Path
from typing import Any

from model.sync.folder_source import FolderSource
from model.sync.manifest import MANIFEST_FILE
from model.sync.round import Plan
from model.sync.sources import Source, Sources

WEIGHTS = Path("variables/variables.data-00000-of-00001")


def write_version(parent: Path, version: int, weights: bytes = b"weights") -> Path:
    folder = parent / str(version)
    (folder / WEIGHTS).parent.mkdir(parents=True)
    (folder / "saved_model.pb").write_bytes(b"graph")
    (folder / WEIGHTS).write_bytes(weights)
    return folder


def write_large_version(parent: Path, version: int, *, files: int, file_bytes: int) -> Path:
    folder = write_version(parent, version)
    for number in range(files):
        name = folder / "variables" / f"shard-{number % 4}" / f"part-{number:05}"
        name.parent.mkdir(exist_ok=True)
        name.write_bytes(os.urandom(file_bytes))
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a version by name, without the manifest of its copy."""
    files = (path for path in folder.rglob("*") if path.is_file())
    found = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    found.pop(MANIFEST_FILE, None)
    return found


def plan(source: Path | Source | Sources, target: Path, **options: Any) -> Plan:
    if not isinstance(source, Sources):
        source = Sources([FolderSource(source) if isinstance(source, Path) else source])
    return Plan(sources=source, target=target, **options)
