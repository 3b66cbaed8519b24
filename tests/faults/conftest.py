"""A cluster and a cache that may be damaged: neither the user's nor that of the other tests."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.cluster.lifecycle import purge, take_down
from local.cluster.spec import load_spec
from local.images.base import stored_base_image
from local.models import ensure_model
from local.paths import cache_dir
from local.progress import Progress
from local.toolchain.binaries import ensure_binaries
from tests.conftest import free_port
from tests.faults.verbs import NAME, Verbs


@pytest.fixture(scope="session")
def verbs() -> Iterator[Verbs]:
    """`make up` and its like on a cluster of their own, as a user calls them."""
    _remove_cluster()
    whole_cache = cache_dir()
    with Progress(whole_cache / "logs").step("cache", "filling the cache") as step:
        ensure_binaries(step)
        ensure_model(step)
    base = stored_base_image()
    assert base is not None, "the tests need the cache of a `make up`"
    home = whole_cache / "faults"  # on the same file system, for hard links
    shutil.rmtree(home, ignore_errors=True)
    cache = home / "image-serving"
    cache.mkdir(parents=True)
    for folder in ("toolchain", "images", "models"):
        subprocess.run(["cp", "-al", whole_cache / folder, cache], check=True)
    (cache / "venvs").symlink_to(whole_cache / "venvs")
    yield Verbs(cache=cache, port=free_port(), base_image=base)
    _remove_cluster()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def running(verbs: Verbs) -> Verbs:
    """With the cluster and its stack up."""
    verbs.succeed("up")
    return verbs


def _remove_cluster() -> None:
    spec = load_spec(NAME)
    if spec is not None:
        take_down(spec)
        purge(spec)


def replace_content(file: Path, content: bytes) -> None:
    """Changes a file of the tests' own cache, not the one that it shares its content with."""
    file.unlink()
    file.write_bytes(content)
