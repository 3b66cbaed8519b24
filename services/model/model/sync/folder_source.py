"""Versions in a folder: those that an image carries."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model.errors import SyncError
from model.sync.manifest import Manifest, manifest_of, plain_files
from model.sync.sources import Stream, version_in

# Of each file: name, size, time of the last change in nanoseconds.
Stamp = list[tuple[str, int, int]]


class FolderSource:
    """`folder`/<version>/…, where every version counts as complete.

    optional: no such folder means no versions, as in an image that carries the program alone.
    """

    def __init__(self, folder: Path, *, optional: bool = False) -> None:
        self._folder = folder
        self._optional = optional
        self._known: dict[int, tuple[Stamp, Manifest]] = {}

    def versions(self) -> set[int]:
        if self._optional and not self._folder.exists():
            return set()
        try:
            found = {version_in(path.name) for path in self._folder.iterdir() if path.is_dir()}
        except OSError as error:
            raise SyncError(
                f"can't read the source {self._folder} ({error.strerror}); "
                f"expected {self._folder}/<version>/"
            ) from error
        return {version for version in found if version is not None}

    def manifest(self, version: int) -> Manifest:
        """Computed once, and again when a file has changed."""
        folder = self._folder / str(version)
        stamp = _stamp(folder)
        known = self._known.get(version)
        if known is None or known[0] != stamp:
            self._known[version] = known = (stamp, manifest_of(folder))
        return known[1]

    @contextmanager
    def open(self, version: int, name: str, offset: int) -> Iterator[Stream]:
        with (self._folder / str(version) / name).open("rb", buffering=0) as file:
            file.seek(offset)
            yield file


def _stamp(folder: Path) -> Stamp:
    paths = [(path, path.stat()) for path in plain_files(folder)]
    return [(str(path), status.st_size, status.st_mtime_ns) for path, status in paths]
