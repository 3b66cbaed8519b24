"""Copy one version: under a temporary name, resumed, checked, flushed, renamed.

    per file    append what is missing → SHA-256 of what is there now → fsync
    then        the manifest → fsync of every folder → rename → fsync of the parent

An interrupted copy is gone on with: whatever it left is kept if the whole file comes out right.
"""

import hashlib
import logging
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

from model.disk import Disk
from model.errors import SyncError
from model.folders import incoming_name, rename_into_place
from model.logs import fields
from model.sync.manifest import CHUNK_BYTES, MANIFEST_FILE, FileEntry, Manifest
from model.sync.sources import Source

PROGRESS_SECONDS = 10.0

log = logging.getLogger(__name__)


class VersionCopy:
    """The copy of one version to `target`, which is `<model's folder>/<version>`."""

    def __init__(self, source: Source, version: int, manifest: Manifest, target: Path, disk: Disk):
        self._source = source
        self._version = version
        self._manifest = manifest
        self._target = target
        self._incoming = incoming_name(target)
        self._disk = disk
        self._progress = _Progress(version, manifest.total_bytes)

    def run(self, workers: int) -> int:
        """Returns the bytes that were copied, without those that an earlier copy had left.

        Raises:
            SyncError: a file isn't what the manifest says, or the source can't be read.
            OSError: the volume can't be written.
        """
        self._disk.make_folder(self._incoming)
        self._remove_strangers()
        for folder in sorted({(self._incoming / f.name).parent for f in self._manifest.files}):
            self._disk.make_folder(folder)
        with ThreadPoolExecutor(workers) as pool:
            copies = [pool.submit(self._copy_file, file) for file in self._manifest.files]
            try:
                copied = sum(copy.result() for copy in copies)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        self._write_manifest()
        rename_into_place(self._incoming, self._target, self._disk)
        return copied

    def _remove_strangers(self) -> None:
        """Takes all that isn't a plain file or folder of this version out of what was left.

        A link, or a file with a second name, would lead our writes to another place.
        """
        files = {str(self._incoming / file.name) for file in self._manifest.files}
        folders = {str(parent) for file in files for parent in Path(file).parents}
        for parent, inner, names in os.walk(self._incoming):
            for name in [*inner, *names]:
                path = Path(parent, name)
                status = path.lstat()
                is_ours = (str(path) in files and path.is_file() and status.st_nlink == 1) or (
                    str(path) in folders and path.is_dir()
                )
                if path.is_symlink() or not is_ours:
                    self._disk.remove(path)
            inner[:] = [name for name in inner if Path(parent, name).is_dir()]

    def _copy_file(self, file: FileEntry) -> int:
        path = self._incoming / file.name
        copied, right = self._append(file, path)
        if not right and copied < file.bytes:  # what an earlier copy left was not a part of it
            self._disk.remove(path)
            copied, right = self._append(file, path)
        if not right:
            self._disk.remove(path)
            raise SyncError(
                f"{file.name} of version {self._version} is not what its manifest says "
                f"({file.bytes:,} bytes, SHA-256 {file.sha256}): the source is damaged or was "
                "changed; publish it anew under a new version"
            )
        return copied

    def _append(self, file: FileEntry, path: Path) -> tuple[int, bool]:
        """Completes a file; returns the bytes written, and whether all of it is right."""
        descriptor = self._disk.open(path)
        try:
            present = os.fstat(descriptor).st_size
            copied = 0
            if present < file.bytes:
                copied = self._fill(file, descriptor, present)
            right = os.fstat(descriptor).st_size == file.bytes and (
                _sha256(descriptor) == file.sha256
            )
            if right:
                self._disk.flush(descriptor)
            return copied, right
        finally:
            os.close(descriptor)

    def _fill(self, file: FileEntry, descriptor: int, present: int) -> int:
        """Never writes more than the manifest says, however much the source sends."""
        left = file.bytes - present
        with self._source.open(self._version, file.name, present) as stream:
            while left and (chunk := stream.read(min(CHUNK_BYTES, left))):
                self._disk.write(descriptor, chunk)
                left -= len(chunk)
                self._progress.add(len(chunk))
        return file.bytes - present - left

    def _write_manifest(self) -> None:
        path = self._incoming / MANIFEST_FILE
        descriptor = self._disk.open(path)
        try:
            self._disk.write(descriptor, self._manifest.to_json())
            self._disk.flush(descriptor)
        finally:
            os.close(descriptor)


class _Progress:
    """Says now and then how far a copy is."""

    def __init__(self, version: int, total: int, clock: Callable[[], float] = time.monotonic):
        self._version, self._total, self._clock = version, total, clock
        self._done = 0
        self._said_at = clock()
        self._lock = Lock()

    def add(self, count: int) -> None:
        with self._lock:
            self._done += count
            if self._clock() - self._said_at < PROGRESS_SECONDS:
                return
            self._said_at = self._clock()
            done = self._done
        log.info("copying", extra=fields(version=self._version, bytes=done, of=self._total))


def _sha256(descriptor: int) -> str:
    """Of what the volume holds now, not of what was sent to it."""
    with os.fdopen(os.dup(descriptor), "rb") as file:
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()
