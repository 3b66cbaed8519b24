"""What a version consists of: the names, sizes and SHA-256 of its files.

Beside the versions of a bucket each has its manifest, which is uploaded last: a version without one
is not complete. On the volume the copy's manifest is one of its files.
"""

import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from model.errors import SyncError

MODEL_FILE = "saved_model.pb"
# A name that no SavedModel has; TF Serving reads no file that it doesn't know.
MANIFEST_FILE = ".manifest.json"
# 100,000 files with long names; no model has as many.
MAX_MANIFEST_BYTES = 32 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024
SHA256_DIGITS = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class FileEntry:
    """A file of a version: its name relative to the version's folder, size and SHA-256 in hex."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The files of a version, sorted by name."""

    files: tuple[FileEntry, ...]

    @property
    def total_bytes(self) -> int:
        return sum(file.bytes for file in self.files)

    def to_json(self) -> bytes:
        files = [vars(file) for file in self.files]
        return json.dumps({"files": files}, indent=1).encode() + b"\n"


def parse_manifest(text: bytes, where: str) -> Manifest:
    """Raises SyncError unless it is a manifest whose names stay inside of the version's folder."""
    try:
        entries = [_entry(item) for item in json.loads(text)["files"]]
    except (ValueError, KeyError, TypeError) as error:
        raise SyncError(f"{where} is no manifest of a version ({error!r})") from error
    return _checked(entries, where)


def manifest_of(folder: Path) -> Manifest:
    """Reads every file of a version's folder.

    Raises:
        SyncError: there is something else than files and folders in it, or no SavedModel.
        OSError: a file can't be read.
    """
    entries = []
    for path in plain_files(folder):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = os.fstat(file.fileno()).st_size
        name = path.relative_to(folder).as_posix()
        entries.append(FileEntry(name=name, bytes=size, sha256=digest))
    return _checked(entries, str(folder))


def plain_files(folder: Path) -> list[Path]:
    """All files below a folder, sorted, without the copy's own manifest.

    Raises SyncError for a link, which could lead anywhere, and for a device, socket or pipe.
    """
    found = []
    for parent, folders, names in os.walk(folder, onerror=_raise):
        for name in [*folders, *names]:
            path = Path(parent, name)
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                raise SyncError(f"{path} is neither a file nor a folder: versions hold no links")
        found += [Path(parent, name) for name in names]
    return sorted(set(found) - {folder / MANIFEST_FILE})


def _checked(entries: list[FileEntry], where: str) -> Manifest:
    names = {entry.name for entry in entries}
    if len(names) < len(entries):
        raise SyncError(f"{where} names a file twice")
    for name in names:
        if folder := next((str(p) for p in PurePosixPath(name).parents if str(p) in names), None):
            raise SyncError(f"{where} has {folder!r} both as a file and as a folder")
    if MODEL_FILE not in names:
        raise SyncError(f"{where} has no {MODEL_FILE}: not a SavedModel")
    return Manifest(files=tuple(sorted(entries, key=lambda entry: entry.name)))


def _entry(item: Any) -> FileEntry:
    name, size, digest = item["name"], item["bytes"], item["sha256"]
    if not isinstance(name, str) or not _stays_inside(name):
        raise ValueError(f"{name!r} is not the name of a file inside of a version")
    if type(size) is not int or size < 0 or not SHA256_DIGITS.fullmatch(digest):
        raise ValueError(f"{name!r} has no size and SHA-256")
    return FileEntry(name=name, bytes=size, sha256=digest)


def _stays_inside(name: str) -> bool:
    parts = name.split("/")
    return not ({"", ".", ".."} & set(parts)) and "\0" not in name and name != MANIFEST_FILE


def _raise(error: OSError) -> None:
    raise error
