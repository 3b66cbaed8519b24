"""Whether what is missing fits onto the volume, beside all that is there already."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from model.errors import NoSpaceError
from model.folders import incoming_name
from model.sync.manifest import FileEntry, Manifest

# A file or folder takes whole blocks, and a folder at least one of its own.
BLOCK_BYTES = 4096


@dataclass(frozen=True, kw_only=True)
class Space:
    """Bytes of a volume: free for us, and in all."""

    free: int
    total: int


def space_on(volume: Path) -> Space:
    status = os.statvfs(volume)
    return Space(free=status.f_bavail * status.f_frsize, total=status.f_blocks * status.f_frsize)


Measure = Callable[[Path], Space]


def require_space(target: Path, missing: Mapping[int, Manifest], space: Space) -> None:
    """Raises NoSpaceError unless all missing versions fit at once.

    What is there stays until the new versions are in place, and a server may serve it: two versions
    of a model are on the volume at the same time.
    """
    needed = sum(_needed(target, version, manifest) for version, manifest in missing.items())
    if needed > space.free:
        raise NoSpaceError(
            f"does not fit on {target}: needs {needed:,} bytes for version "
            f"{', '.join(map(str, sorted(missing)))} beside what is there, has {space.free:,}; "
            "enlarge the volume or keep fewer versions"
        )


def next_version_fits(newest: Manifest, space: Space) -> bool:
    """Whether another version of this size has room beside what is there."""
    return _blocks(newest.files) <= space.free


def _needed(target: Path, version: int, manifest: Manifest) -> int:
    """What is still to be written, where an earlier copy was interrupted."""
    incoming = incoming_name(target / str(version))
    present = sum(_allocated(incoming / file.name) for file in manifest.files)
    return max(0, _blocks(manifest.files) - present)


def _blocks(files: Iterable[FileEntry]) -> int:
    """Rounded up per file, a block more for its inode or folder."""
    return sum((-(-file.bytes // BLOCK_BYTES) + 1) * BLOCK_BYTES for file in files)


def _allocated(path: Path) -> int:
    return path.lstat().st_blocks * 512 if os.path.lexists(path) else 0
