"""infra/model_changes.py: previews and updates say what changes for a model's callers."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from tests.unit.harness import local_settings, run_program
from tests.unit.test_model_contract import document


@pytest.fixture(autouse=True)
def _all_messages(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def run(
    folder: Path, *, stable: int, previous: dict[str, Any] | None, unreadable_looks: int = 0
) -> dict[str, Any]:
    (folder / f"{stable}.json").write_text(json.dumps(document(stable)))
    settings = local_settings()
    settings["models"][0] |= {"contracts": str(folder), "versions": {"stable": stable}}
    outputs = {"model_contracts": json.dumps({"digits": previous})} if previous else {}
    return run_program(
        settings, previous_outputs=outputs, unreadable_looks=unreadable_looks
    ).outputs


def test_the_first_version_is_described(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    run(tmp_path, stable=7, previous=None)
    assert "model digits v7: image uint8 [?, 96, 96, 3]" in caplog.text


def test_a_change_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    run(tmp_path, stable=8, previous=document(7))
    assert "model digits v7 → v8: same inputs" in caplog.text


def test_nothing_is_said_when_nothing_changes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run(tmp_path, stable=7, previous=document(7))
    assert "model digits" not in caplog.text


def test_an_output_of_another_program_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A later program may write more into it, and be taken back."""
    run(tmp_path, stable=8, previous=document(7) | {"outputs": {}})
    assert "output model_contracts of the last run can't be read" in caplog.text
    assert "model digits v8: image uint8 [?, 96, 96, 3]" in caplog.text


def test_a_state_that_is_being_written_is_looked_at_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run(tmp_path, stable=8, previous=document(7), unreadable_looks=2)
    assert "model digits v7 → v8" in caplog.text


def test_a_state_that_stays_unreadable_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run(tmp_path, stable=8, previous=document(7), unreadable_looks=99)
    assert "failed to load checkpoint: EOF" in caplog.text
    assert "model digits v8" in caplog.text


def test_the_output_is_what_the_next_run_compares_with(tmp_path: Path) -> None:
    outputs = run(tmp_path, stable=7, previous=None)
    assert json.loads(outputs["model_contracts"]) == {"digits": document(7)}


def test_the_default_models_has_an_output_of_its_own(tmp_path: Path) -> None:
    outputs = run(tmp_path, stable=7, previous=None)
    assert json.loads(outputs["model_contract"]) == document(7)


def test_each_model_is_compared_with_itself(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "7.json").write_text(json.dumps(document(7)))
    settings = local_settings()
    settings["models"][0] |= {"contracts": str(tmp_path)}
    settings["models"].append(settings["models"][0] | {"name": "letters"})
    previous = {"digits": document(7), "letters": document(6)}
    run_program(settings, previous_outputs={"model_contracts": json.dumps(previous)})
    assert "model letters v6 → v7" in caplog.text
    assert "model digits" not in caplog.text
