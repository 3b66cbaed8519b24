"""Where versions come from."""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from model.errors import SyncError
from model.sync.manifest import Manifest

# As TF Serving reads folder names, but in one spelling only: `1` and `001` are one version to it.
VERSION_NAME = re.compile(r"0|[1-9][0-9]{0,18}")
MAX_VERSION = 2**63 - 1


class Stream(Protocol):
    """The rest of a file."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


class Source(Protocol):
    """Versions with their files. All methods raise SyncError, or OSError for files."""

    def versions(self) -> set[int]:
        """The complete versions that are there now."""

    def manifest(self, version: int) -> Manifest: ...

    def open(self, version: int, name: str, offset: int) -> AbstractContextManager[Stream]:
        """The content of a file from `offset` on."""


def version_in(name: str) -> int | None:
    """The version that a folder of this name holds."""
    found = int(name) if VERSION_NAME.fullmatch(name) else None
    return found if found is not None and found <= MAX_VERSION else None


class Sources:
    """Several sources as one: a version comes from the first that has it.

    A source that can't be reached hides its versions, not those of the others.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._source_of: dict[int, Source] = {}
        self.failures: list[SyncError] = []

    def versions(self) -> set[int]:
        self._source_of, self.failures = {}, []
        for source in self._sources:
            try:
                for version in source.versions():
                    self._source_of.setdefault(version, source)
            except SyncError as error:
                self.failures.append(error)
        return set(self._source_of)

    def manifest(self, version: int) -> Manifest:
        return self._source_of[version].manifest(version)

    def open(self, version: int, name: str, offset: int) -> AbstractContextManager[Stream]:
        return self._source_of[version].open(version, name, offset)
