"""Copy model versions onto a volume: SOURCE/<N> to TARGET/<N>, complete or not at all.

Runs as an init container in an image that holds the model and no libraries: standard library only.
The source is the truth: a version that is on the volume with other content is replaced, one that
the source doesn't hold is left alone.
"""

import hashlib
import logging
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from model.errors import SyncError
from model.folders import incoming_name, put_in_place, remove_leftovers
from model.logs import fields

CHUNK_BYTES = 1024 * 1024
MODEL_FILE = "saved_model.pb"

log = logging.getLogger(__name__)


def free_bytes_on(volume: Path) -> int:
    return shutil.disk_usage(volume).free


def sync(
    source: Path, target: Path, free_bytes: Callable[[Path], int] = free_bytes_on
) -> list[int]:
    """Make every version of `source` present and identical in `target`.

    `free_bytes` says how much room the volume of a folder has left.

    Returns the versions that were copied: none when all were there already.

    Raises:
        SyncError: the source is missing, empty or holds an incomplete version; the volume is full
            or can't be written; a copy doesn't match its source.
    """
    versions = _versions_of(source)
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name in remove_leftovers(target):
            log.warning("removed the leftover of an interrupted copy", extra=fields(name=name))
        return [int(v.name) for v in versions if _sync_version(v, target, free_bytes)]
    except OSError as error:
        raise SyncError(f"can't copy {source} to {target}: {error}") from error


def _versions_of(source: Path) -> list[Path]:
    if not source.is_dir():
        raise SyncError(f"source {source} is not a folder; expected {source}/<version>/")
    versions = sorted(
        (p for p in source.iterdir() if p.name.isdecimal() and p.is_dir()),
        key=lambda p: int(p.name),
    )
    if not versions:
        raise SyncError(f"source {source} holds no version, that is no folder named by a number")
    for version in versions:
        if not (version / MODEL_FILE).is_file():
            raise SyncError(f"source {version} has no {MODEL_FILE}: not a SavedModel")
    return versions


def _sync_version(source: Path, volume: Path, free_bytes: Callable[[Path], int]) -> bool:
    """Bring one version onto the volume; False when it was there already."""
    started = time.monotonic()
    version = int(source.name)
    target = volume / str(version)
    files = {path.relative_to(source): path for path in source.rglob("*") if path.is_file()}
    digests = {name: _sha256(path) for name, path in files.items()}
    if target.exists():
        if _digests_of(target) == digests:
            log.info("version is complete", extra=fields(version=version, target=str(target)))
            return False
        log.warning("version differs from its source: replacing", extra=fields(version=version))

    size_bytes = sum(path.stat().st_size for path in files.values())
    _require_space(version, size_bytes, volume, free_bytes(volume))
    incoming = incoming_name(target)
    try:
        _copy(files, incoming)
        if _digests_of(incoming) != digests:
            raise SyncError(f"version {version}: the copy on {volume} doesn't match")
        put_in_place(incoming, target)
    finally:
        shutil.rmtree(incoming, ignore_errors=True)
    log.info(
        "version copied",
        extra=fields(
            version=version,
            target=str(target),
            files=len(files),
            bytes=size_bytes,
            seconds=round(time.monotonic() - started, 3),
        ),
    )
    return True


def _copy(files: dict[Path, Path], incoming: Path) -> None:
    incoming.mkdir()
    for name, path in files.items():
        destination = incoming / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, destination)


def _require_space(version: int, size_bytes: int, volume: Path, free_bytes: int) -> None:
    if free_bytes < size_bytes:
        raise SyncError(
            f"no space on {volume}: version {version} needs {size_bytes:,} bytes, "
            f"{free_bytes:,} are free; enlarge the volume or remove old versions from it"
        )


def _digests_of(folder: Path) -> dict[Path, str]:
    return {p.relative_to(folder): _sha256(p) for p in folder.rglob("*") if p.is_file()}


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
