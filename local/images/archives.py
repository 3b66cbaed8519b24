"""Images as archives in the cache: made once, whole or not at all, and not kept for ever."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

from local.images.builder import Builder, require_builder
from local.images.recipe import DIGEST_CHARACTERS, REGISTRY, Recipe, archive_folder
from local.locks import product_lock
from local.progress import Step
from local.scratch import scratch
from local.seals import forget, is_present, put_in_place

ARCHIVES_KEPT = 3  # of each image: the one in use, and those of a change that may be taken back


def ensure_image(recipe: Recipe, step: Step) -> bool:
    """Builds the image and writes its archive unless it is there; returns whether it built.

    Raises `CommandError` when the build fails; an archive is put in place only when whole.
    """
    if is_present(recipe.archive):
        return False
    # One lock for all images, so that a build finds no other one's half-made containers.
    with product_lock("images", step.doing):
        if is_present(recipe.archive):
            return False
        builder = require_builder()
        step.doing(f"building the image {recipe.name}")
        builder.sweep(step.log)
        builder.build(recipe, step.log)
        save_archive(builder, recipe.reference, recipe.archive, step.log)
        _forget_old(recipe.name, builder)
    return True


def save_archive(builder: Builder, reference: str, archive: Path, log: Path) -> None:
    """Writes a stored image into the cache. Raises `CommandError`."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with scratch("archive") as folder:
        new = folder / archive.name
        builder.save(reference, new, log)
        put_in_place(new, archive)


def _forget_old(name: str, builder: Builder) -> None:
    """Removes all but the newest archives of an image, and what the builder keeps of them."""
    for archive in archives_of(name)[:-ARCHIVES_KEPT]:
        digest = archive.stem.removeprefix(f"{name}-")
        builder.forget(f"{REGISTRY}/{name}:{digest}")
        forget(archive)


def archives_of(name: str) -> list[Path]:
    """The archives of an image, the oldest first."""
    digest = "[0-9a-f]" * DIGEST_CHARACTERS
    found = archive_folder().glob(f"{name}-{digest}.tar")
    return sorted(found, key=lambda archive: archive.stat().st_mtime)


def layer_bytes(archive: Path) -> list[int]:
    """The uncompressed sizes of an archived image's layers, the lowest first."""
    with tarfile.open(archive) as opened:
        listing = opened.extractfile("manifest.json")
        assert listing is not None
        [image] = json.load(listing)
        return [opened.getmember(layer).size for layer in image["Layers"]]
