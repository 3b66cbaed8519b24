"""The commands in docs/models.md are ones that the export takes."""

import re
import shlex
from pathlib import Path

import pytest

from model.export.arguments import parse
from model.export.choices import PREPROCESSING_MODES

DOCS = (Path(__file__).parents[4] / "docs" / "models.md").read_text()
COMMANDS = re.findall(r"^python -m model export (?!--help)(.+)$", DOCS, re.MULTILINE)


def test_there_are_some() -> None:
    assert len(COMMANDS) >= 4


@pytest.mark.parametrize("command", COMMANDS)
def test_they_are_understood(command: str) -> None:
    assert parse(shlex.split(command)).model is not None


def test_every_preprocessing_is_explained() -> None:
    table = DOCS.partition("### Which `--preprocess`?")[2].partition("\n\n###")[0]
    assert set(re.findall(r"\| `(\w+)` \|$", table, re.MULTILINE)) == set(PREPROCESSING_MODES)
