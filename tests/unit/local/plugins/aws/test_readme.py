"""The table of what the stand-ins do names tests that exist, or says that it is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from local.paths import REPO

README = REPO / "local" / "plugins" / "aws" / "README.md"
ROW = re.compile(r"^\| (.+?) \| (.+?) \| (.*?) ?\|$", re.M)
ROWS = [row for row in ROW.findall(README.read_text()) if not row[0].startswith("The genuine")]


def _file(name: str) -> Path:
    folder, _, stem = name.rpartition("/")
    if folder == "engine":
        return REPO / "tests" / "engine" / f"test_{stem}.py"
    return Path(__file__).parent.parent / (folder or "aws") / f"test_{stem}.py"


@pytest.mark.parametrize(("genuine", "stand_in", "tests"), ROWS)
def test_each_row_is_shown_or_missing(genuine: str, stand_in: str, tests: str) -> None:
    names = re.findall(r"`([^`]+)`", tests)
    assert names or stand_in.startswith("missing")
    for name in names:
        assert _file(name).is_file(), f"{genuine}: {name}"


def test_all_rows_are_read() -> None:
    table = [line for line in README.read_text().splitlines() if line.startswith("| ")]
    assert len(ROWS) == len(table) - 1
