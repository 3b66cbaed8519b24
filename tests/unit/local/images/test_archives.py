"""Archives in the cache: whole ones, and not one per change ever made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from local.errors import LocalError
from local.images import archives
from local.images.archives import ARCHIVES_KEPT, archives_of, ensure_image
from local.images.docker import Docker
from local.images.recipe import Recipe
from local.paths import cache_dir
from local.progress import Progress
from tests.unit.local.fake_programs import DOCKER, Programs


class TestOldArchives:
    """The cache holds a few archives of each image."""

    def test_the_oldest_go_and_other_images_stay(self, programs: Programs) -> None:
        docker = programs.add("docker", DOCKER)
        folder = cache_dir() / "images"
        folder.mkdir()
        for age, digest in enumerate(["a" * 12, "b" * 12, "c" * 12, "d" * 12, "e" * 12]):
            archive = folder / f"model-{digest}.tar"
            archive.touch()
            os.utime(archive, (age, age))
        server = folder / f"model-server-{'a' * 12}.tar"
        server.touch()
        archives._forget_old("model", Docker())
        assert [each.name[6] for each in archives_of("model")] == ["c", "d", "e"][-ARCHIVES_KEPT:]
        assert server.exists()
        assert [call[:2] for call in docker.calls] == [["image", "rm"], ["image", "rm"]]


def test_an_archive_that_is_there_is_not_made_again(tmp_path: Path, programs: Programs) -> None:
    recipe = Recipe(name="model", context=tmp_path, dockerfile=tmp_path / "x", digest="0" * 12)
    recipe.archive.parent.mkdir(parents=True)
    recipe.archive.write_bytes(b"image")
    with Progress(tmp_path / "logs").step("images", "looking") as step:
        assert ensure_image(recipe, step) is False


@pytest.mark.usefixtures("programs")
def test_without_a_builder_nothing_is_left(tmp_path: Path) -> None:
    recipe = Recipe(name="model", context=tmp_path, dockerfile=tmp_path / "x", digest="0" * 12)
    with (
        pytest.raises(LocalError, match="neither buildah nor docker"),
        Progress(tmp_path / "logs").step("images", "looking") as step,
    ):
        ensure_image(recipe, step)
    assert not recipe.archive.exists()
