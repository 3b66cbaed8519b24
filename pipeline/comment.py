"""The one comment on a pull request: sections by several jobs, each rewritten in its place."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.github import BOT, GitHub
from pipeline.job import reported
from pipeline.markdown import middle_out, without_comments

MARKER = "<!-- what this change would do to the stacks -->"
SECTIONS = ("diff", "dev", "prod")  # in this order
MOST_CHARACTERS = 65_536  # GitHub refuses longer comments
SECTION_CHARACTERS = MOST_CHARACTERS // len(SECTIONS) - 200
_SECTION = re.compile(r"<!-- begin (\w+) -->\n(.*?)\n<!-- end \1 -->", re.DOTALL)
_ATTEMPTS = 4


def merged(body: str, news: Mapping[str, str]) -> str:
    """The comment with these sections put in or replaced, the others kept."""
    kept = dict(_SECTION.findall(body))
    written = {name: _written(text) for name, text in news.items()}
    sections = kept | written
    parts = [
        f"<!-- begin {name} -->\n{sections[name]}\n<!-- end {name} -->"
        for name in SECTIONS
        if name in sections
    ]
    return "\n\n".join([MARKER, *parts])


def _written(text: str) -> str:
    return middle_out(without_comments(text).strip(), SECTION_CHARACTERS)


def update(github: GitHub, number: int, news: Mapping[str, str]) -> None:
    """Writes or edits the comment. Raises `PipelineError`.

    Two jobs may write at once, and GitHub can't refuse the later of two edits: so it is read again
    until it says what it should. Where both wrote the first one, the later takes its own back.
    """
    for _ in range(_ATTEMPTS):
        found = _find(github, number)
        if found is None:
            made = github.post(f"issues/{number}/comments", body=merged("", news))["id"]
        else:
            identifier, body = found
            github.patch(f"issues/comments/{identifier}", body=merged(body, news))
        after = _find(github, number)
        if found is None and after and after[0] != made:
            github.delete(f"issues/comments/{made}")
        if after and merged(after[1], news) == after[1]:
            return
    raise PipelineError(f"the comment on pull request {number} was overwritten each time")


def _find(github: GitHub, number: int) -> tuple[int, str] | None:
    """Number and text of our comment; one of somebody else that looks like it isn't touched."""
    for comment in github.each(f"issues/{number}/comments"):
        if comment["user"]["login"] == BOT and comment["body"].startswith(MARKER):
            return comment["id"], comment["body"].replace("\r\n", "\n")
    return None


@reported
def main(argv: Sequence[str] | None) -> None:
    parser = argparse.ArgumentParser(prog="pipeline.comment", description=__doc__)
    parser.add_argument("--pull-request", type=int, required=True, metavar="NUMBER")
    parser.add_argument("folder", type=Path, help="holds <section>.md for each section to write")
    arguments = parser.parse_args(argv)
    news = {
        name: file.read_text() for name in SECTIONS for file in arguments.folder.rglob(f"{name}.md")
    }
    if not news:
        raise PipelineError(f"no {', '.join(f'{name}.md' for name in SECTIONS)} to write")
    update(GitHub.from_environment(os.environ), arguments.pull_request, news)


if __name__ == "__main__":
    sys.exit(main(None))
