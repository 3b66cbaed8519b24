"""docs/verbs.md and the README tell only of verbs that there are."""

import re

import pytest

from tests.unit.harness import PROJECT_FOLDER

VERBS = set(re.findall(r"^([a-z-]+):.*##", (PROJECT_FOLDER / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("page", ["README.md", "docs/verbs.md", "docs/architecture.md"])
def test_every_verb_is_one_of_the_makefile(page: str) -> None:
    told = set(re.findall(r"`make ([a-z-]+)", (PROJECT_FOLDER / page).read_text()))
    assert told
    assert told <= VERBS


def test_the_page_tells_all_of_them() -> None:
    told = set(re.findall(r"`make ([a-z-]+)", (PROJECT_FOLDER / "docs/verbs.md").read_text()))
    assert VERBS - told - {"help"} == set()
