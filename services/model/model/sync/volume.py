"""The model's folder on a volume: which versions are there, and whether they are what they were."""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model.disk import Disk
from model.errors import SyncError
from model.folders import INCOMING_PREFIX, leftovers, take_away
from model.logs import fields
from model.sync.manifest import MANIFEST_FILE, Manifest, manifest_of, parse_manifest
from model.sync.sources import version_in

log = logging.getLogger(__name__)


class Volume:
    """`folder`/<version>/…; all methods raise OSError when the volume can't be read or written."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self.folder = folder
        self._disk = disk

    @contextmanager
    def held(self) -> Iterator[None]:
        """The folder is there and nobody else copies into it. Raises SyncError if somebody does."""
        if self.folder.is_symlink():
            raise SyncError(f"{self.folder} is a link: we write into no other folder than our own")
        self._disk.make_folder(self.folder)
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            self._lock(descriptor)
            yield
        finally:
            os.close(descriptor)

    def path(self, version: int) -> Path:
        return self.folder / str(version)

    def versions(self) -> set[int]:
        """All names of versions, whatever they are."""
        found = {version_in(path.name) for path in self.folder.iterdir()}
        return {version for version in found if version is not None}

    def holds(self, version: int, manifest: Manifest, *, verify: bool) -> bool:
        """Whether the version is there, by the manifest of its copy; `verify` reads all files."""
        folder = self.path(version)
        if folder.is_symlink() or not folder.is_dir():
            return False
        try:
            if self._recorded(folder) != manifest:
                return False
            return not verify or manifest_of(folder) == manifest
        except (SyncError, FileNotFoundError):
            return False

    def sweep(self, wanted: set[int]) -> None:
        """Removes what interrupted runs left, but for the beginnings of versions still wanted."""
        resumable = {f"{INCOMING_PREFIX}{version}" for version in wanted}
        for name in leftovers(self.folder):
            path = self.folder / name
            if name in resumable and path.is_dir() and not path.is_symlink():
                continue
            self._disk.remove(path)
            log.info("removed what an interrupted run left", extra=fields(name=name))

    def remove(self, version: int) -> None:
        take_away(self.path(version), self._disk)

    def _lock(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SyncError(f"another sync works on {self.folder}; wait for it") from error

    def _recorded(self, folder: Path) -> Manifest:
        return parse_manifest((folder / MANIFEST_FILE).read_bytes(), str(folder))
