"""Docker builds what buildah builds, from the same Dockerfiles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from local.images.docker import Docker
from local.images.recipe import Recipe
from local.paths import REPO
from tests.unit.local.fake_programs import DOCKER, FakeProgram, Programs

DOCKERFILES = sorted((REPO / "services").glob("*/Dockerfile"))


@pytest.fixture
def docker(programs: Programs) -> FakeProgram:
    return programs.add("docker", DOCKER)


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    return Recipe(
        name="gateway",
        context=tmp_path,
        dockerfile=tmp_path / "Dockerfile",
        target="server",
        build_args={"BASE_IMAGE": "base:1"},
        digest="0" * 12,
    )


class TestBuild:
    """One call of `docker build`, which the classic builder understands too."""

    def test_it_names_target_tag_and_arguments(
        self, docker: FakeProgram, recipe: Recipe, tmp_path: Path
    ) -> None:
        Docker().build(recipe, tmp_path / "log")
        call = docker.calls[-1]
        assert call[0] == "build"
        assert {"--target=server", "--build-arg=BASE_IMAGE=base:1"} <= set(call)
        assert call[call.index("--tag") + 1] == recipe.reference

    def test_proxies_of_the_machine_are_passed_by_name(
        self, docker: FakeProgram, recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@proxy:1")
        Docker().build(recipe, tmp_path / "log")
        assert "--build-arg=HTTPS_PROXY" in docker.calls[-1]
        assert "secret" not in str(docker.calls)

    def test_stages_that_build_have_the_machines_settings(
        self, docker: FakeProgram, recipe: Recipe, tmp_path: Path
    ) -> None:
        Docker().build(recipe, tmp_path / "log")
        [built] = [each for each in docker.calls[-1] if each.startswith("--build-arg=BUILD_IMAGE=")]
        assert built.partition("BUILD_IMAGE=")[2].startswith("localhost/image-serving/build:")


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: file.parent.name)
def test_no_image_that_is_shipped_comes_from_a_build_image(file: Path) -> None:
    """What is named in the settings, such as an index with a password, is in no image then."""
    stages = re.findall(r"^FROM (\S+)(?: AS (\S+))?$", file.read_text(), re.M)
    built = {name for base, name in stages if base == "${BUILD_IMAGE}"}
    shipped = {name for base, name in stages if base == "${BASE_IMAGE}"}
    assert built
    assert shipped
    assert not any(base in built for base, _ in stages)


def test_a_registry_gets_the_image_under_its_own_name(docker: FakeProgram, tmp_path: Path) -> None:
    Docker().push("here:1", "registry.example/there:1", tmp_path / "log", plain_http=False)
    assert docker.calls == [
        ["tag", "here:1", "registry.example/there:1"],
        ["push", "--quiet", "registry.example/there:1"],
    ]
