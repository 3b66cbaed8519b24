"""pipeline/exports.py: models are taken out of the images that run."""

from pathlib import Path

import pytest

from pipeline import engine, exports
from pipeline.errors import PipelineError
from pipeline.images import StackImages

IMAGE = f"registry/models:digits.1@sha256:{'c' * 64}"


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A docker whose every container holds one model; what it is asked is in `asked`."""
    files = tmp_path / "image" / "models" / "digits" / "1"
    files.mkdir(parents=True)
    (files / "saved_model.pb").write_text("graph")
    (files / "saved_model.pb").chmod(0o640)
    program = tmp_path / "docker"
    program.write_text(
        f'#!/bin/sh\necho "$@" >>{tmp_path}/asked\n'
        'case "$1" in\n'
        "create) echo container-1 ;;\n"
        f'cp) cp -a {tmp_path}/image/"${{2#*:/}}" "$3" ;;\n'
        "esac\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return tmp_path


def runs(monkeypatch: pytest.MonkeyPatch, models: list[dict[str, str]]) -> None:
    """A stack with these models, of which `digits` is deployed."""
    monkeypatch.setattr(engine, "settings", lambda _: {"models": models})
    running = StackImages(gateway="g", model_server="s", models={"digits": IMAGE})
    monkeypatch.setattr(exports, "images_of", lambda _: running)


def test_a_model_is_taken_out_with_the_modes_of_its_files(
    docker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are part of the tag: with others, an unchanged model would be built anew."""
    runs(monkeypatch, [{"name": "digits"}])
    exports.ensure_exports("dev", docker / "export")
    taken = docker / "export" / "digits" / "1" / "saved_model.pb"
    assert taken.read_text() == "graph"
    assert taken.stat().st_mode & 0o777 == 0o640
    asked = (docker / "asked").read_text().splitlines()
    assert asked[0] == f"create {IMAGE}"
    assert asked[-1] == "rm container-1"


def test_a_model_that_was_exported_here_is_left_alone(
    docker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs(monkeypatch, [{"name": "digits"}])
    (docker / "export" / "digits").mkdir(parents=True)
    exports.ensure_exports("dev", docker / "export")
    assert not (docker / "asked").exists()


def test_a_model_with_a_named_image_needs_none(
    docker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs(monkeypatch, [{"name": "clothes", "image": "registry/clothes:1"}])
    exports.ensure_exports("dev", docker / "export")
    assert not (docker / "export").exists()


def test_a_model_that_never_ran_is_told(docker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs(monkeypatch, [{"name": "clothes"}])
    with pytest.raises(PipelineError, match="model clothes is new to the stack dev"):
        exports.ensure_exports("dev", docker / "export")
