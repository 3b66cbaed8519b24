"""What a user sees of the commands: output, messages, exit codes."""

from pathlib import Path

import pytest

from fixture_types import Exported
from model.cli import main


def test_help_names_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_status:
        main(["--help"])
    assert exit_status.value.code == 0
    shown = capsys.readouterr().out
    assert all(command in shown for command in ("export", "samples", "publish", "sync", "serve"))


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


def test_publish_fails_with_a_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", str(tmp_path), "s3://models/digits"]) == 1
    assert "error: " in capsys.readouterr().err


def test_ctrl_c_is_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr("model.sync.publish.publish", interrupted)
    assert main(["publish", str(tmp_path), "s3://models/digits"]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_serve_takes_the_flags_of_the_real_server(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--help"]) == 0
    assert "--model_config_file=" in capsys.readouterr().out
