"""pipeline/job.py: exit codes, and files that GitHub reads."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.errors import PipelineError
from pipeline.job import append, reported


@reported
def refuse(argv: Sequence[str] | None) -> None:
    if argv:
        raise PipelineError(f"not with {argv[0]}")


def test_what_goes_well_is_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert refuse([]) == 0
    assert capsys.readouterr().err == ""


def test_an_error_is_1_and_shown_by_github(capsys: pytest.CaptureFixture[str]) -> None:
    assert refuse(["that"]) == 1
    assert capsys.readouterr().err == "::error::not with that\n"


def test_a_file_of_githubs_is_added_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "summary"
    file.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    append("GITHUB_STEP_SUMMARY", "after\n")
    assert file.read_text() == "before\nafter\n"


def test_elsewhere_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    append("GITHUB_STEP_SUMMARY", "text")
