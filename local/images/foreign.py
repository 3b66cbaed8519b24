"""Images that others publish: fetched into the cache for a cluster that reaches no registry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from local.images.archives import save_archive
from local.images.builder import require_builder
from local.images.recipe import DIGEST_CHARACTERS, archive_folder
from local.locks import product_lock
from local.progress import Step
from local.seals import is_present

_PULL_TIMEOUT_SECONDS = 600.0
_DOCKER_HUB = "docker.io"


@dataclass(frozen=True)
class ForeignImage:
    """`name` is what a user writes, such as tensorflow/serving:2.20.0."""

    name: str

    @property
    def reference(self) -> str:
        """With the registry, as containerd lists it (github.com/distribution/reference)."""
        first, slash, rest = self.name.partition("/")
        if slash and ("." in first or ":" in first or first == "localhost"):
            return self.name
        return f"{_DOCKER_HUB}/{self.name}" if rest else f"{_DOCKER_HUB}/library/{self.name}"

    @property
    def archive(self) -> Path:
        digest = hashlib.sha256(self.reference.encode()).hexdigest()[:DIGEST_CHARACTERS]
        return archive_folder() / f"foreign-{digest}.tar"


def ensure_fetched(image: ForeignImage, step: Step) -> None:
    """Has the image's archive in the cache. Raises `CommandError` when it can't be fetched."""
    if is_present(image.archive):
        return
    with product_lock("images", step.doing):
        if is_present(image.archive):
            return
        step.doing(f"fetching the image {image.reference}")
        builder = require_builder()
        builder.pull(image.reference, step.log, timeout_seconds=_PULL_TIMEOUT_SECONDS)
        save_archive(builder, image.reference, image.archive, step.log)
