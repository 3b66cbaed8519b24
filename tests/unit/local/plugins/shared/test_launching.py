"""The engine finds an executable that starts this very checkout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from local.plugins.shared.launching import write_launcher

REPO_ROOT = Path(__file__).parents[5]


def test_it_runs_from_anywhere(tmp_path: Path) -> None:
    launcher = write_launcher(
        tmp_path / "with space", Path(sys.executable), REPO_ROOT, "kubernetes"
    )
    result = subprocess.run(
        [launcher, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "ENGINE_ADDRESS" in result.stdout


def test_it_is_replaced_whole(tmp_path: Path) -> None:
    first = write_launcher(tmp_path, Path("/one/python"), REPO_ROOT, "docker-build")
    second = write_launcher(tmp_path, Path("/two/python"), REPO_ROOT, "docker-build")
    assert first == second
    assert "/two/python" in second.read_text()
    assert [file.name for file in tmp_path.iterdir()] == ["pulumi-resource-docker-build"]
