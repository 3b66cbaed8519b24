"""A server sees whole versions only, whenever sync is killed; and the next round goes on."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from model.sync.manifest import CHUNK_BYTES
from sync.versions import names, write_large_version, write_version

SERVICE = Path(__file__).parents[2]
FILES, FILE_BYTES = 50, 4 * CHUNK_BYTES  # 200 MiB


def killed_rounds(scenario: str, source: Path, target: Path, *mutant: str) -> dict[str, Any]:
    target.mkdir(parents=True, exist_ok=True)
    driver = SERVICE / "tests" / "sync" / "killed_rounds.py"
    done = subprocess.run(
        [sys.executable, str(driver), scenario, str(source), str(target), *mutant],
        env={**os.environ, "PYTHONPATH": f"{SERVICE}:{SERVICE / 'tests'}"},
        stdout=subprocess.PIPE,
        check=True,
    )
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "volume" / "digits"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    write_large_version(folder, 1, files=FILES, file_bytes=FILE_BYTES)
    return folder


class TestLargeModel:
    """Some 200 MB in many files: killed after every write, fsync and rename."""

    def test_no_partial_version_is_ever_seen(self, large: Path, target: Path) -> None:
        seen = killed_rounds("every_write_then_every_step", large, target)
        assert seen["partial"] == []
        assert seen["same"] is True
        assert names(target) == ["1"]
        # Four writes and an fsync per file; more for the two small files, folders and the renames.
        assert seen["kills"] > 5 * FILES

    def test_without_the_rename_one_is_seen(self, large: Path, target: Path) -> None:
        mutant = "write_under_the_final_name"
        seen = killed_rounds("every_write_then_every_step", large, target, mutant)
        assert seen["partial"] == ["version 1 after kill 1"]


class TestChanges:
    """The same where a version is replaced or removed, from the beginning for each operation."""

    @pytest.fixture
    def source(self, tmp_path: Path) -> Path:
        folder = tmp_path / "source"
        write_version(folder, 1)
        write_version(folder, 2, b"better weights")
        return folder

    def test_an_old_version_is_removed(self, source: Path, target: Path) -> None:
        write_version(target, 1)
        seen = killed_rounds("every_operation", source, target)
        assert (seen["partial"], seen["same"]) == ([], True)
        assert names(target) == ["2"]

    def test_a_version_is_replaced(self, source: Path, target: Path) -> None:
        write_version(target, 2, b"weights")
        (target / "2" / "saved_model.pb").write_bytes(b"GRAPH")
        seen = killed_rounds("every_operation", source, target)
        assert (seen["partial"], seen["same"]) == ([], True)
        assert names(target) == ["2"]
