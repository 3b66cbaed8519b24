"""Building images with buildah, in a storage of our own below the cache."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.images.pip_settings import build_mounts
from local.locks import product_lock
from local.paths import cache_dir
from local.progress import Step
from local.scratch import scratch
from local.seals import forget, is_present, put_in_place
from local.shell import output, run

DIGEST_CHARACTERS = 12
ARCHIVES_KEPT = 3  # of each image: the one in use, and those of a change that may be taken back
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
        return cache_dir() / "images" / f"{self.name}-{self.digest}.tar"


def digest_of(files: Iterable[Path], root: Path, *extra: str) -> str:
    """Hexadecimal digits over names, modes and content of files, and over `extra`."""
    content = hashlib.sha256("\0".join(extra).encode())
    for file in sorted(files):
        content.update(f"\0{file.relative_to(root)}\0{file.stat().st_mode & 0o111}\0".encode())
        with file.open("rb") as opened:
            content.update(hashlib.file_digest(opened, "sha256").digest())
    return content.hexdigest()[:DIGEST_CHARACTERS]


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
        step.doing(f"building the image {recipe.name}")
        recipe.archive.parent.mkdir(parents=True, exist_ok=True)
        _remove_containers(step.log)
        build(recipe, step.log)
        with scratch(recipe.name) as folder:
            new = folder / recipe.archive.name
            push = ["push", recipe.reference, f"docker-archive:{new}:{recipe.reference}"]
            run([*_buildah(), *push], log=step.log)
            put_in_place(new, recipe.archive)
        _forget_old(recipe.name)
    return True


def _remove_containers(log: Path) -> None:
    """A build that was killed leaves its container; no other build runs while we hold the lock."""
    if output([*_buildah(), "containers", "--quiet"]).strip():
        run([*_buildah(), "rm", "--all"], log=log)


def _forget_old(name: str) -> None:
    """Removes all but the newest archives of an image, and what buildah keeps of them."""
    archives = archives_of(name)
    for archive in archives[:-ARCHIVES_KEPT]:
        digest = archive.stem.removeprefix(f"{name}-")
        remove = [*_buildah(), "rmi", f"{REGISTRY}/{name}:{digest}"]
        subprocess.run(remove, capture_output=True, check=False)  # it may be gone already
        forget(archive)


def archives_of(name: str) -> list[Path]:
    """The archives of an image, the oldest first."""
    digest = "[0-9a-f]" * DIGEST_CHARACTERS
    found = (cache_dir() / "images").glob(f"{name}-{digest}.tar")
    return sorted(found, key=lambda archive: archive.stat().st_mtime)


def build(recipe: Recipe, log: Path) -> None:
    """Builds the image into buildah's storage. Raises `CommandError`."""
    pip_cache = cache_dir() / "pip"
    pip_cache.mkdir(parents=True, exist_ok=True)
    command: list[str | Path] = [
        *_buildah(),
        *("bud", "--isolation=chroot", "--network=host", "--layers", "--pull-never"),
        f"--volume={pip_cache}:/root/.cache/pip",
        *build_mounts(cache_dir()),
        *(f"--build-arg={name}={value}" for name, value in recipe.build_args.items()),
        *([f"--target={recipe.target}"] if recipe.target else []),
        *("--file", recipe.dockerfile, "--tag", recipe.reference, recipe.context),
    ]
    run(command, log=log)


def is_stored(reference: str) -> bool:
    """Whether buildah's storage holds the image; no before there is a buildah."""
    if shutil.which("buildah") is None:
        return False
    done = subprocess.run(
        [*_buildah(), "inspect", "--type=image", reference], capture_output=True, check=False
    )
    return done.returncode == 0


def layer_bytes(archive: Path) -> list[int]:
    """The uncompressed sizes of an archived image's layers, the lowest first."""
    with tarfile.open(archive) as opened:
        listing = opened.extractfile("manifest.json")
        assert listing is not None
        [image] = json.load(listing)
        return [opened.getmember(layer).size for layer in image["Layers"]]


def layer_count(reference: str) -> int:
    """How many layers a stored image has. Raises `CommandError` when it isn't stored."""
    inspected = json.loads(output([*_buildah(), "inspect", "--type=image", reference]))
    return len(inspected["OCIv1"]["rootfs"]["diff_ids"])


def pull(reference: str, log: Path, *, timeout_seconds: float) -> None:
    """Fetches an image from its registry. Raises `CommandError`."""
    run([*_buildah(), "pull", "--quiet", reference], log=log, timeout_seconds=timeout_seconds)


def _buildah() -> list[str]:
    storage = cache_dir() / "buildah"
    return ["buildah", f"--root={storage}", f"--runroot={storage}-run"]
