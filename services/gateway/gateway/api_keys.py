"""API keys from a folder that Kubernetes fills from a Secret."""

import hashlib
import hmac
import logging
from pathlib import Path

logger = logging.getLogger(__name__)

# name, inode, change time in ns, size in bytes
FileFingerprint = tuple[str, int, int, int]


class ApiKeys:
    """One file per client: its name is the client's, its content the key.

    The folder is looked at on each request and read anew when it changed, so a key that is added
    or withdrawn counts at once. Kubernetes changes a mounted Secret by swapping the symbolic link
    `..data`, through which each file is reached: its inode changes then.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fingerprint: tuple[FileFingerprint, ...] | None = None
        self._digests: dict[str, bytes] = {}
        self._read_if_changed()

    def client_of(self, key: str) -> str | None:
        """The client whose key this is, or None; takes equally long wherever keys differ."""
        self._read_if_changed()
        digest = _digest(key.encode())
        client = None
        for name, expected in self._digests.items():
            if hmac.compare_digest(digest, expected):
                client = name
        return client

    def _read_if_changed(self) -> None:
        paths = self._key_files()
        fingerprint = tuple(_fingerprint(path) for path in paths)
        if fingerprint == self._fingerprint:
            return
        keys = {path.name: _read(path) for path in paths}
        # An empty file must not let in everyone who sends an empty key.
        self._digests = {name: _digest(key) for name, key in keys.items() if key}
        self._fingerprint = fingerprint
        logger.info("API keys of %d clients read from %s", len(self._digests), self._folder)

    def _key_files(self) -> list[Path]:
        try:
            paths = sorted(self._folder.iterdir())
        except OSError as error:
            logger.error("no API key is valid, the folder can't be read: %s", error)
            return []
        return [path for path in paths if path.is_file() and not path.name.startswith(".")]


def _fingerprint(path: Path) -> FileFingerprint:
    try:
        status = path.stat()
    except FileNotFoundError:  # withdrawn a moment ago
        return (path.name, 0, 0, 0)
    return (path.name, status.st_ino, status.st_mtime_ns, status.st_size)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes().strip()
    except FileNotFoundError:
        return b""


def _digest(key: bytes) -> bytes:
    """Of equal length for all keys, so that comparing tells nothing of a key's length."""
    return hashlib.sha256(key).digest()
