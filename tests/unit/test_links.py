"""Links of the documents lead to files and headings that are there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.harness import PROJECT_FOLDER

LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "local/**/*.md", "policy/*.md", "examples/**/*.md")
    for path in PROJECT_FOLDER.glob(pattern)
)


def anchor(heading: str) -> str:
    """As GitHub makes it: https://github.com/gjtorikian/html-pipeline, toc_filter.rb."""
    text = LINK.sub("]", heading).lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {anchor(heading) for heading in HEADING.findall(CODE.sub("", page.read_text()))}


def broken_links(page: Path, text: str) -> Iterator[str]:
    for link in LINK.findall(CODE.sub("", text)):
        target, _, heading = link.partition("#")
        if ":" in target:  # on the web
            continue
        path = page.parent / target if target else page
        if not path.exists() or (heading and heading not in anchors(path)):
            yield link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT_FOLDER)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert list(broken_links(page, page.read_text())) == []


def test_a_broken_one_is_found() -> None:
    readme = PROJECT_FOLDER / "README.md"
    text = "[a](docs/eks.md#day-two) [b](docs/eks.md#day-three) [c](docs/none.md) [d](https://x.y)"
    assert list(broken_links(readme, text)) == ["docs/eks.md#day-three", "docs/none.md"]
