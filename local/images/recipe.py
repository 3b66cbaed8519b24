"""How an image is made, and the name that its content gives it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.paths import cache_dir

DIGEST_CHARACTERS = 12
REGISTRY = "localhost/image-serving"  # a name that no cluster will try to pull


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How an image is made; `digest` names its content, so an image is built once."""

    name: str
    context: Path
    dockerfile: Path
    target: str | None = None
    build_args: Mapping[str, str] = field(default_factory=dict)
    digest: str

    @property
    def reference(self) -> str:
        return f"{REGISTRY}/{self.name}:{self.digest}"

    @property
    def archive(self) -> Path:
        return archive_folder() / f"{self.name}-{self.digest}.tar"


def archive_folder() -> Path:
    return cache_dir() / "images"


def digest_of(files: Iterable[Path], root: Path, *extra: str) -> str:
    """Hexadecimal digits over names, modes and content of files, and over `extra`."""
    content = hashlib.sha256("\0".join(extra).encode())
    for file in sorted(files):
        content.update(f"\0{file.relative_to(root)}\0{file.stat().st_mode & 0o111}\0".encode())
        with file.open("rb") as opened:
            content.update(hashlib.file_digest(opened, "sha256").digest())
    return content.hexdigest()[:DIGEST_CHARACTERS]
