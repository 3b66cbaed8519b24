"""The pages of docs/tutorial, as what a reader does: types commands, and edits files.

    ```console
    $ make status ONCE=1
    cluster  local  well
    …
    ```

is typed, and what it prints compared with what is shown. A block

    ```diff
    --- Pulumi.local.yaml
           scaling:
    -        cpuTargetPercent: 300
    +        cpuTargetPercent: 30
    ```

is an edit of a file. What no test can do says why, in a comment right above the block:

    <!-- not run: it needs an account -->
    <!-- compared by tests/engine/test_simulation.py -->
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.paths import REPO

TUTORIAL = REPO / "docs" / "tutorial"
PAGES = [TUTORIAL / "README.md", *sorted(TUTORIAL.glob("[1-9]-*.md"))]
PROMPT = "$ "
_CONTINUED = "\\"
_BLOCK = re.compile(
    r"^(?:<!-- (?P<remark>[^\n]+) -->\n)?```(?P<language>\w*)\n(?P<content>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_REMARKS = re.compile(r"(?P<kind>not run: |compared by )(?P<rest>.+)")


@dataclass(frozen=True)
class Exchange:
    """A command, and what the page shows of its output."""

    command: str
    shown: str


@dataclass(frozen=True)
class Block:
    """not_run: why. compared_by: the test that knows better. Empty: its commands are typed."""

    where: str
    language: str
    content: str
    not_run: str = ""
    compared_by: str = ""

    def exchanges(self) -> list[Exchange]:
        """Raises `ValueError` when the block doesn't begin with a command."""
        return list(_exchanges(self.content, self.where))

    def edit(self, folder: Path) -> None:
        """Changes the file below `folder`. Raises `ValueError` when it isn't as the block says."""
        head, _, changes = self.content.partition("\n")
        file = folder / head.removeprefix("--- ")
        lines = changes.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if not line.startswith("+"))
        after = "".join(line[1:] for line in lines if not line.startswith("-"))
        text = file.read_text()
        if text.count(before) != 1:
            raise ValueError(f"{self.where}: {file.name} has {text.count(before)} times\n{before}")
        file.write_text(text.replace(before, after))


def blocks(page: Path) -> list[Block]:
    """In the order in which they are read. Raises `ValueError` for a remark nobody knows."""
    text = page.read_text()
    return [_block(found, page, text) for found in _BLOCK.finditer(text)]


def _block(found: re.Match[str], page: Path, text: str) -> Block:
    where = f"{page.name}:{text.count(chr(10), 0, found.start('language')) + 1}"
    remark = found["remark"]
    known = _REMARKS.fullmatch(remark or "")
    if remark and known is None:
        raise ValueError(f"{where}: <!-- {remark} --> is neither `not run: …` nor `compared by …`")
    return Block(
        where=where,
        language=found["language"],
        content=found["content"],
        not_run=known["rest"] if known and known["kind"].startswith("not run") else "",
        compared_by=known["rest"] if known and known["kind"].startswith("compared") else "",
    )


def _exchanges(content: str, where: str) -> Iterator[Exchange]:
    lines = content.splitlines()
    if not lines or not lines[0].startswith(PROMPT):
        raise ValueError(f"{where}: a console block begins with `$ ` and a command")
    while lines:
        command = [lines.pop(0).removeprefix(PROMPT)]
        while command[-1].endswith(_CONTINUED):
            command.append(lines.pop(0))
        shown = []
        while lines and not lines[0].startswith(PROMPT):
            shown.append(lines.pop(0))
        yield Exchange("\n".join(command), "\n".join(shown))
