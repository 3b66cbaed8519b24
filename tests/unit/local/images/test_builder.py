"""buildah where it is there, else Docker; BUILDER chooses."""

from __future__ import annotations

import pytest

from local.errors import LocalError
from local.images.buildah import Buildah
from local.images.builder import find_builder, require_builder
from local.images.docker import Docker
from tests.fault_table import matches
from tests.unit.local.fake_programs import BUILDAH, DOCKER, Programs


def _problem() -> str:
    with pytest.raises(LocalError) as caught:
        require_builder()
    return str(caught.value)


class TestChoice:
    """The user's word first, then what is installed."""

    def test_buildah_goes_before_docker(self, programs: Programs) -> None:
        docker = programs.add("docker", DOCKER)
        programs.add("buildah", BUILDAH)
        assert isinstance(require_builder(), Buildah)
        assert docker.calls == []

    def test_docker_alone(self, programs: Programs) -> None:
        programs.add("docker", DOCKER, printed="28.2.2")
        assert isinstance(require_builder(), Docker)

    def test_the_users_word(self, programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
        programs.add("docker", DOCKER)
        programs.add("buildah", BUILDAH)
        monkeypatch.setenv("BUILDER", "docker")
        assert isinstance(require_builder(), Docker)

    @pytest.mark.parametrize("wanted", ["", "docker", "buildah"])
    @pytest.mark.usefixtures("programs")
    def test_none_is_installed(self, wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BUILDER", wanted)
        assert find_builder() is None  # no fault for who only looks
        assert matches("nothing to build images with", _problem())

    @pytest.mark.usefixtures("programs")
    def test_an_unknown_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BUILDER", "podman")
        assert matches("unknown builder", _problem())

    def test_a_daemon_that_does_not_answer(self, programs: Programs) -> None:
        programs.add("docker", DOCKER, printed="Cannot connect to the Docker daemon", code=1)
        assert matches("Docker's daemon does not answer", _problem())

    def test_a_client_without_its_daemon_stops_nobody_who_only_looks(
        self, programs: Programs
    ) -> None:
        """`make up` looks before it installs buildah."""
        programs.add("docker", DOCKER, printed="Cannot connect to the Docker daemon", code=1)
        assert find_builder() is None

    def test_docker_that_was_asked_for_and_does_not_answer(
        self, programs: Programs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        programs.add("docker", DOCKER, printed="Cannot connect to the Docker daemon", code=1)
        monkeypatch.setenv("BUILDER", "docker")
        with pytest.raises(LocalError) as caught:
            find_builder()
        assert matches("Docker's daemon does not answer", str(caught.value))
