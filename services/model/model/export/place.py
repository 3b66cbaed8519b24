"""Where a version goes: OUT/<name>/<version>/, complete or not at all."""

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from model.disk import DISK
from model.errors import ExportError
from model.folders import incoming_name, put_in_place

# Names that need no quoting in models.config, URLs and object names.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# For the graph and the rest, besides the weights.
GRAPH_BYTES = 16 * 1024 * 1024


def free_bytes_on(volume: Path) -> int:
    return shutil.disk_usage(volume).free


@dataclass(frozen=True, kw_only=True)
class Place:
    """A version to be: written to `incoming`, it becomes `folder`."""

    folder: Path
    free_bytes: Callable[[Path], int] = free_bytes_on

    @property
    def name(self) -> str:
        return self.folder.parent.name

    @property
    def incoming(self) -> Path:
        return incoming_name(self.folder)

    def require_space(self, weight_bytes: int) -> None:
        """Raises ExportError if a model with so many bytes of weights doesn't fit."""
        needed, free = weight_bytes + GRAPH_BYTES, self.free_bytes(self.folder.parent)
        if free < needed:
            raise ExportError(
                f"no space in {self.folder.parent}: the model needs about {needed:,} bytes, "
                f"{free:,} are free; free some or choose another --out"
            )

    def publish(self) -> None:
        """Give it its number: on disk, complete, and visible from now on."""
        _require_absent(self.folder)
        put_in_place(self.incoming, self.folder)


@contextmanager
def reserve(
    out: Path,
    name: str,
    version: int | None = None,
    free_bytes: Callable[[Path], int] = free_bytes_on,
) -> Iterator[Place]:
    """Take a version's number, by default the one after the highest.

    Whatever isn't published when the context ends is removed, with the folders made for it.

    Raises:
        ExportError: an unusable name, a version that exists, a folder that can't be made, or
            another export of this model that runs.
    """
    if not _NAME.fullmatch(name):
        raise ExportError(f"--name {name!r}: expected letters, digits, '.', '_' and '-'")
    base = out / name
    made = _make(base)
    try:
        with _alone_in(base):
            folder = base / str(version or _next_version(base))
            _require_absent(folder)
            place = Place(folder=folder, free_bytes=free_bytes)
            # That of an export that was killed; it held the lock that we have.
            shutil.rmtree(place.incoming, ignore_errors=True)
            try:
                yield place
            finally:
                shutil.rmtree(place.incoming, ignore_errors=True)
    finally:
        # Only those that are empty can be removed: none, if a version is in them.
        for folder in made:
            with suppress(OSError):
                folder.rmdir()


def _make(base: Path) -> list[Path]:
    """Make a folder and those above it; returns those that weren't there, innermost first."""
    missing = [each for each in (base, *base.parents) if not each.exists()]
    try:
        base.mkdir(parents=True, exist_ok=True)
        for folder in missing:
            DISK.flush_folder(folder.parent)
    except OSError as error:
        raise ExportError(f"can't make the folder {base}: {error.strerror}") from error
    return missing


@contextmanager
def _alone_in(base: Path) -> Iterator[None]:
    descriptor = os.open(base, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise ExportError(f"another export to {base} runs; wait until it ends") from error
    finally:
        os.close(descriptor)


def _next_version(base: Path) -> int:
    return max(_versions(base), default=0) + 1


def _require_absent(folder: Path) -> None:
    if int(folder.name) in _versions(folder.parent):
        raise ExportError(f"{folder} exists and versions never change; choose another --version")


def _versions(base: Path) -> list[int]:
    """As TF Serving sees them: `7` and `007` are one."""
    return [int(each.name) for each in base.iterdir() if each.name.isdecimal()]
