"""local/preview_diff/command.py: where the report goes, and with which exit code."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from local.errors import LocalError
from local.preview_diff import command
from local.preview_diff.changes import ResourceChange
from local.preview_diff.command import DiffWishes, preview_diff
from local.preview_diff.comparison import Side
from local.preview_diff.report import Report
from local.progress import Progress, Step, say
from tests.unit.local.preview_diff.reports import changed_topic, replaced_nodes, report, stack


def found(made: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """This is what the engine found."""

    def compare(wishes: DiffWishes, project: Path) -> Report:
        say("  dev base      bringing up main …")
        return made

    monkeypatch.setattr(command, "compare", compare)


@pytest.mark.parametrize(("made", "code"), [(replaced_nodes(), 3), (changed_topic(), 0)])
def test_danger_is_exit_code_3(
    made: ResourceChange, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found(report(stack(made)), monkeypatch)
    assert preview_diff(DiffWishes(base="main")) == code


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_the_output_is_the_report_alone(
    form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found(report(stack(replaced_nodes())), monkeypatch)
    preview_diff(DiffWishes(base="main", format=form))
    shown = capsys.readouterr()
    assert "bringing up" in shown.err
    assert "bringing up" not in shown.out
    if form == "json":
        assert json.loads(shown.out)["dangerous"] is True
    else:
        assert shown.out.startswith({"text": "DANGEROUS: ", "markdown": "## "}[form])


def test_a_file_gets_it_and_the_terminal_the_headline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found(report(stack(replaced_nodes())), monkeypatch)
    out = tmp_path / "diff.txt"
    preview_diff(DiffWishes(base="main", out=out))
    assert capsys.readouterr().out == "DANGEROUS: dev replaces 1 node group (gpu)\n"
    assert out.read_text().startswith("DANGEROUS: dev replaces 1 node group (gpu)\nfrom main")


def test_a_file_without_a_folder_is_refused_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "compare", lambda *_: pytest.fail("it began"))
    with pytest.raises(LocalError, match=r"OUT=.*: the folder .*nowhere isn't there"):
        preview_diff(DiffWishes(base="main", out=tmp_path / "nowhere" / "diff.txt"))


class TestTheBasesPackages:
    """A base that asks for others gets an environment of its own."""

    @pytest.fixture
    def asked_for(self, monkeypatch: pytest.MonkeyPatch) -> list[list[Path]]:
        made: list[list[Path]] = []

        def ensure_venv(name: str, requirements: list[Path], step: Step) -> Path:
            made.append(requirements)
            return Path("/venv/bin/python")

        monkeypatch.setattr(command, "ensure_venv", ensure_venv)
        return made

    @staticmethod
    def side(tmp_path: Path, base: str, head: str) -> Side:
        projects = tmp_path / "base", tmp_path / "head"
        for project, packages in zip(projects, (base, head), strict=True):
            (project / "local").mkdir(parents=True)
            for name in ("local/requirements.txt", "requirements-dev.txt"):
                (project / name).write_text("")
            (project / "requirements.txt").write_text(packages)
        return command._base_side("main", *projects, Progress(tmp_path / "logs"))

    def test_the_same_are_those_of_the_head(
        self, tmp_path: Path, asked_for: list[list[Path]]
    ) -> None:
        assert self.side(tmp_path, "pulumi==3", "pulumi==3").python == Path(sys.executable)
        assert asked_for == []

    def test_others_are_taken_from_the_bases_own_files(
        self, tmp_path: Path, asked_for: list[list[Path]]
    ) -> None:
        side = self.side(tmp_path, "pulumi==2", "pulumi==3")
        assert side.python == Path("/venv/bin/python")
        [files] = asked_for
        assert tmp_path / "base" / "requirements.txt" in files
        assert all(file.is_relative_to(tmp_path / "base") for file in files)
