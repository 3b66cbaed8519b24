"""CHANGELOG.md: in the form of keepachangelog.com, and its newest release is this checkout's."""

import re

from infra.release import RELEASE
from tests.unit.harness import PROJECT_FOLDER

TEXT = (PROJECT_FOLDER / "CHANGELOG.md").read_text()
RELEASES = re.findall(
    r"^## \[(\d+\.\d+\.\d+)\] - (unreleased|\d{4}-\d\d-\d\d)$", TEXT, re.MULTILINE
)
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_the_newest_is_this_one() -> None:
    assert RELEASES[0][0] == RELEASE


def test_every_heading_is_a_release() -> None:
    assert len(re.findall(r"^## ", TEXT, re.MULTILINE)) == len(RELEASES)


def test_only_the_newest_may_be_unreleased() -> None:
    assert all(date != "unreleased" for _, date in RELEASES[1:])


def test_kinds_of_changes() -> None:
    assert set(re.findall(r"^### (.+)$", TEXT, re.MULTILINE)) <= KINDS
