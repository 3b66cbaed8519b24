"""The program that builds images: buildah or Docker, from the same Dockerfiles."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Protocol

from local.errors import LocalError
from local.images.buildah import Buildah
from local.images.docker import Docker
from local.images.recipe import Recipe

_SETTING = "BUILDER"


class Builder(Protocol):
    """What is asked of it. Every call raises `CommandError` when the program fails."""

    def build(self, recipe: Recipe, log: Path) -> None:
        """Builds the image into the program's own storage, from a base that is stored there."""

    def save(self, reference: str, archive: Path, log: Path) -> None:
        """Writes a stored image as an archive that `docker load` and containerd read."""

    def load(self, archive: Path, log: Path) -> None:
        """Stores the image of an archive, under the reference that the archive names."""

    def pull(self, reference: str, log: Path, *, timeout_seconds: float) -> None:
        """Fetches an image from its registry."""

    def push(self, reference: str, destination: str, log: Path, *, plain_http: bool) -> None:
        """Sends a stored image to a registry, as `destination`."""

    def is_stored(self, reference: str) -> bool: ...

    def layer_count(self, reference: str) -> int:
        """How many layers a stored image has."""

    def forget(self, reference: str) -> None:
        """Removes an image from the storage, if it is there."""

    def sweep(self, log: Path) -> None:
        """Removes what a killed build left; no other build runs meanwhile."""


def find_builder() -> Builder | None:
    """The builder that is to be used; None while there is none that works.

    Raises `LocalError` for an unknown one, and for Docker where it was asked for and can't work.
    """
    wanted = os.environ.get(_SETTING, "")
    if wanted not in ("", "buildah", "docker"):
        raise LocalError(f"{_SETTING}={wanted}: images are built with buildah or docker")
    if wanted != "docker" and shutil.which("buildah"):
        return Buildah()
    if wanted == "buildah" or not shutil.which("docker"):
        return None
    complaint = Docker().complaint()
    if complaint is None:
        return Docker()
    if wanted == "docker":
        raise _unanswered(complaint)
    return None  # a client without its daemon: `make up` is about to install buildah


def require_builder() -> Builder:
    """The builder that is to be used. Raises `LocalError` when there is none."""
    builder = find_builder()
    if builder is not None:
        return builder
    wanted = os.environ.get(_SETTING)
    if wanted != "buildah" and shutil.which("docker"):
        raise _unanswered(Docker().complaint() or "it just began to")
    missing = f"{wanted} is" if wanted else "neither buildah nor docker is"
    raise LocalError(
        f"{missing} installed, and images have to be built; install one, for instance with: "
        "apt-get install buildah"
    )


def _unanswered(complaint: str) -> LocalError:
    return LocalError(
        f"docker is installed, but its daemon does not answer ({complaint}); start it, or "
        f"install buildah and choose it: {_SETTING}=buildah"
    )
