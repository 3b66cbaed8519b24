"""The base of the images: the published one, or one made here."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.errors import LocalError
from local.images.base import ensure_base_image
from local.images.docker import Docker
from local.progress import Progress
from local.versions import PYTHON_BASE_IMAGE
from tests.fault_table import matches
from tests.unit.local.fake_programs import DOCKER, Programs


def _ensure(folder: Path, wanted: str | None = None) -> str:
    with Progress(folder / "logs").step("base", "looking") as step:
        return ensure_base_image(step, wanted)


def test_the_users_base_is_asked_for_nowhere(programs: Programs, tmp_path: Path) -> None:
    docker = programs.add("docker", DOCKER)
    assert _ensure(tmp_path, "mine:1") == "mine:1"
    assert docker.calls == []


def test_the_published_one_is_used_where_it_is(programs: Programs, tmp_path: Path) -> None:
    programs.add("docker", DOCKER)
    assert _ensure(tmp_path) == PYTHON_BASE_IMAGE


def test_without_registry_and_mmdebstrap_the_user_is_told(
    programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs.add("docker", DOCKER, printed="dial tcp: i/o timeout", code=1)
    monkeypatch.setattr(Docker, "complaint", lambda _: None)
    with pytest.raises(LocalError) as caught:
        _ensure(tmp_path)
    assert matches("no base image", str(caught.value))
