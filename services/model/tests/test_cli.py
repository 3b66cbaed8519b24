"""What a user sees of the commands: output, messages, exit codes."""

import json
from pathlib import Path

import pytest

from fixture_types import Exported
from model.cli import main


def test_help_names_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_status:
        main(["--help"])
    assert exit_status.value.code == 0
    shown = capsys.readouterr().out
    assert all(command in shown for command in ("export", "samples", "sync", "serve"))


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["train"],
        ["export"],
        ["sync", "--source", "/x"],
        ["export", "--out", "x", "--version", "0"],
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_status:
        main(arguments)
    assert exit_status.value.code == 2


def test_export_fails_with_a_message(
    exported: Exported, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "--out", str(exported.folder.parents[1]), "--version", "1"]) == 1
    assert "error: " in capsys.readouterr().err


def test_samples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["samples", "--out", str(tmp_path / "out"), "--count", "2"]) == 0
    assert "wrote 2 pictures" in capsys.readouterr().out
    assert main(["samples", "--out", str(tmp_path / "out"), "--count", "2"]) == 1
    assert "isn't empty" in capsys.readouterr().err


def test_sync_logs_json(
    exported: Exported, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--source", str(exported.folder.parent), "--target", str(tmp_path / "digits")]
    assert main(["sync", *arguments]) == 0
    entries = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert entries[-1]["message"] == "volume is in sync"
    assert entries[-1]["copied"] == [1]


def test_sync_fails_with_a_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sync", "--source", str(tmp_path / "no"), "--target", str(tmp_path)]) == 1
    entry = json.loads(capsys.readouterr().err)
    assert entry["level"] == "error"
    assert "is not a folder" in entry["message"]


def test_serve_takes_the_flags_of_the_real_server(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--help"]) == 0
    assert "--model_config_file=" in capsys.readouterr().out
