"""A newcomer finishes the README in three minutes, pictures aside."""

import re

from tests.unit.harness import PROJECT_FOLDER

# Of non-fiction, silently: Brysbaert, https://doi.org/10.1016/j.jml.2019.104047 (238).
WORDS_PER_MINUTE = 238
CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK_TARGET = re.compile(r"\]\([^)]*\)")
WORD = re.compile(r"\w\S*")


def words_to_read(text: str) -> int:
    return len(WORD.findall(LINK_TARGET.sub("]", CODE.sub("", text))))


def test_it_is_read_in_three_minutes() -> None:
    text = (PROJECT_FOLDER / "README.md").read_text()
    assert words_to_read(text) <= 3 * WORDS_PER_MINUTE


def test_what_counts() -> None:
    text = (
        "# [Two words](https://example.org/a/b/c)\n```\nmake up  # no prose\n```\n| 1.5 | `a-b` |"
    )
    assert words_to_read(text) == 4
