"""A cluster and a cache that may be damaged: neither the user's nor that of the other tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.cluster.lifecycle import purge, take_down
from local.cluster.spec import load_spec
from local.images.base import ensure_base_image
from local.images.services import ensure_model_image, ensure_server_images
from local.images.system import ensure_system_images
from local.models import ensure_model
from local.paths import cache_dir
from local.progress import Progress
from local.toolchain.binaries import ensure_binaries
from local.toolchain.debian import ensure_packages
from local.versions import DEBIAN_PACKAGES
from tests.conftest import free_port
from tests.faults.verbs import NAME, Verbs


@pytest.fixture(scope="session")
def verbs() -> Iterator[Verbs]:
    """`make up` and its like on a cluster of their own, as a user calls them."""
    _remove_cluster()
    whole_cache = cache_dir()
    with Progress(whole_cache / "logs").step("cache", "filling the cache") as step:
        ensure_packages(DEBIAN_PACKAGES, step)
        ensure_system_images(ensure_binaries(step), step)
        base = ensure_base_image(step, os.environ.get("BASE_IMAGE"))
        models, _ = ensure_model(step)
        ensure_server_images(base, step)
        ensure_model_image(base, models, step)
    home = whole_cache / "faults"  # on the same file system, for hard links
    shutil.rmtree(home, ignore_errors=True)
    cache = home / "image-serving"
    cache.mkdir(parents=True)
    for folder in ("toolchain", "images", "models"):
        subprocess.run(["cp", "-al", whole_cache / folder, cache], check=True)
    (cache / "venvs").symlink_to(whole_cache / "venvs")
    _copy_image(base, whole_cache, cache)
    yield Verbs(cache=cache, port=free_port(), base_image=base)
    _remove_cluster()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def running(verbs: Verbs) -> Verbs:
    """With the cluster and its stack up."""
    verbs.succeed("up")
    return verbs


def _copy_image(reference: str, source: Path, target: Path) -> None:
    """From one cache's buildah storage to the other's, for images that a test has built anew."""
    archive = target / "base.tar"
    for cache, command in (
        (source, ["push", reference, f"docker-archive:{archive}:{reference}"]),
        (target, ["pull", f"docker-archive:{archive}"]),
    ):
        storage = cache / "buildah"
        buildah = ["buildah", f"--root={storage}", f"--runroot={storage}-run"]
        subprocess.run([*buildah, *command], check=True, capture_output=True)
    archive.unlink()


def _remove_cluster() -> None:
    spec = load_spec(NAME)
    if spec is not None:
        take_down(spec)
        purge(spec)


def replace_content(file: Path, content: bytes) -> None:
    """Changes a file of the tests' own cache, not the one that it shares its content with."""
    file.unlink()
    file.write_bytes(content)
