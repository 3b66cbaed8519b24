"""The export as a user runs it: what is printed, exit codes, and Ctrl-C."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from export.tiny_networks import LABELS, tiny_model
from model.cli import main

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture
def arguments(tmp_path: Path) -> list[str]:
    """Of an export that works."""
    model, labels = tmp_path / "clothing.keras", tmp_path / "labels.txt"
    tiny_model().save(model)
    labels.write_text("\n".join(LABELS))
    options = {"labels": labels, "preprocess": "tf", "out": tmp_path / "out", "max-batch": 2}
    named = [f"--{name}={value}" for name, value in options.items()]
    return ["export", str(model), *named]


def versions(tmp_path: Path) -> list[str]:
    return sorted(str(each.relative_to(tmp_path)) for each in (tmp_path / "out").glob("*/*"))


def test_progress_and_result(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("[") for line in lines), "seconds since the start"
    assert "largest difference between SavedModel and Keras:" in lines[-2]
    assert "image uint8 [batch, 8, 6, 3] → scores [batch, 3]" in lines[-1]
    assert versions(tmp_path) == ["out/clothing/1"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param("--labels=/missing.txt", "can't read the labels", id="labels"),
        pytest.param("--name=a/b", "--name 'a/b': expected letters", id="name"),
        pytest.param("--size=9x9", "doesn't take --size 9x9", id="size"),
    ],
)
def test_errors_are_one_line_and_leave_nothing(
    arguments: list[str],
    change: str,
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*arguments, change]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert message in line
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_export_leaves_nothing(
    arguments: list[str], tmp_path: Path, number: signal.Signals
) -> None:
    """At its longest step, while another process loads what was written."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "model", *arguments],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # As from a terminal: both processes get the signal.
        start_new_session=True,
    )
    assert process.stdout is not None
    while "another process" not in process.stdout.readline():
        assert process.poll() is None, "it ended early"
    os.killpg(process.pid, number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted; nothing half-made is left" in errors
    assert not (tmp_path / "out").exists()
    assert list(temporary.iterdir()) == []
