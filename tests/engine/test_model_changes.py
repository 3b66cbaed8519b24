"""The program reads what its own last run promised, without a resource for it."""

from __future__ import annotations

import json
from pathlib import Path

import pulumi
from pydantic import TypeAdapter

from infra.model_changes import OUTPUT, all_as_output, announce
from infra.settings.model import ModelSettings
from tests.engine.workspace import Workspace
from tests.unit.test_model_contract import document


def _model(folder: Path, version: int) -> ModelSettings:
    settings = {
        "name": "digits",
        "image": "localhost/model-digits:1.0.0",
        "contracts": str(folder),
        "versions": {"stable": version},
    }
    return TypeAdapter(ModelSettings).validate_python(settings)


def test_previews_and_updates_tell_what_a_new_version_changes(
    workspace: Workspace, tmp_path: Path
) -> None:
    folder = tmp_path / "contracts"
    folder.mkdir()
    for version, classes in ((7, ["cat", "dog"]), (8, ["cat", "dog", "fox"])):
        text = json.dumps(document(version, classes=classes))
        (folder / f"{version}.json").write_text(text)
    version = 7

    def program() -> None:
        models = [_model(folder, version)]
        announce(models)
        pulumi.export(OUTPUT, all_as_output(models))

    workspace.up(program)
    assert "model digits v7: image uint8 [?, 96, 96, 3]; 2 classes" in workspace.shown()
    version = 8
    workspace.log.clear()
    workspace.preview(program)
    assert "model digits v7 → v8: same inputs; classes 2 → 3; new: fox" in workspace.shown()
    assert workspace.up(program) == {"same": 1}
    workspace.log.clear()
    workspace.up(program)
    assert "model digits" not in workspace.shown()
