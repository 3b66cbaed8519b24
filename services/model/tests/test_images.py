"""The images hold every module that they run: checked by running copies of what is copied."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fixture_types import Exported

ROOT = Path(__file__).parents[1]


def copied_to_app(target: str) -> list[str]:
    """Sources that the Dockerfile's stage copies under /app."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    [stage] = re.findall(
        rf"^FROM \S+ AS {target}-files$(.*?)^FROM ", text, re.DOTALL | re.MULTILINE
    )
    lines = re.findall(r"^COPY (.*) /app/\S*$", stage, re.MULTILINE)
    return [source for line in lines for source in line.split()]


@pytest.fixture
def app(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    for source in copied_to_app(request.param):
        destination = tmp_path / "app" / source
        destination.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, destination)
        else:
            shutil.copy(ROOT / source, destination)
    return tmp_path / "app"


def run(app: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"PYTHONPATH": str(app)}
    return subprocess.run(
        [sys.executable, *command],
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("app", ["model"], indirect=True)
def test_the_model_image_syncs_its_own_model_without_any_package(
    app: Path, exported: Exported, tmp_path: Path
) -> None:
    """-S hides all installed packages."""
    source, target = exported.folder.parent, tmp_path / "volume"
    command = ["-m", "model", "sync", "--source", str(source), "--target", str(target)]
    done = run(app, "-S", *command)
    assert done.returncode == 0, done.stderr
    assert (target / "1" / "saved_model.pb").is_file()


@pytest.mark.parametrize("app", ["model"], indirect=True)
def test_the_model_image_syncs_from_buckets(app: Path, tmp_path: Path) -> None:
    """Up to the error about the address: by then every module is imported."""
    done = run(app, "-m", "model", "sync", "--source", "s3://", "--target", str(tmp_path))
    assert done.returncode == 1
    assert "s3:// is no s3://bucket/prefix" in done.stderr


@pytest.mark.parametrize("app", ["server"], indirect=True)
def test_the_server_image_starts(app: Path) -> None:
    """Up to the error about the config: by then every module is imported."""
    done = run(
        app, str(ROOT / "bin" / "tensorflow_model_server"), "--model_config_file=/missing.config"
    )
    assert done.returncode == 255
    assert "Can't read /missing.config" in done.stderr


def test_the_executable_runs_in_the_images_environment() -> None:
    first_line = (ROOT / "bin" / "tensorflow_model_server").read_text().splitlines()[0]
    assert first_line == "#!/opt/venv/bin/python3"
    assert os.access(ROOT / "bin" / "tensorflow_model_server", os.X_OK)
