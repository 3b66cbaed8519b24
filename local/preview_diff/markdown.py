"""For a comment on a pull request: bounded in size, and nothing in it is taken for markup."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from local.preview_diff.entries import Line, lines_of, lines_of_outputs
from local.preview_diff.report import Report, StackDiff

# GitHub refuses longer comments.
MAX_CHARACTERS = 65_536
_SIGNS = {"+": "+", "-": "-", "~": "!", "±": "!", "": " "}  # those that a diff has colours for
_MIN_LINES = 3
_WORD_JOINER = "\u2060"


def as_markdown(report: Report, max_characters: int = MAX_CHARACTERS) -> str:
    """The report, with the dangerous changes on top and all others folded.

    What is over the limit is cut, from the longest block on, and said to be.
    """
    blocks = [_Block(stack, is_dangerous=True) for stack in report.stacks if stack.dangerous]
    blocks += [_Block(stack, is_dangerous=False) for stack in report.stacks]
    frame = len(_page(report, [block.framed(0) for block in blocks]))
    rooms = _shared(max_characters - frame, [block.length for block in blocks])
    return _page(report, [block.framed(room) for block, room in zip(blocks, rooms, strict=True)])


def _page(report: Report, blocks: Sequence[str]) -> str:
    title = "## Preview diff" + (": dangerous" if report.is_dangerous else "")
    parts = [
        title,
        f"**{_plain(report.headline)}**",
        f"From {_plain(str(report.base))} to {_plain(str(report.head))}, with AWS pretended: "
        "ids are made up, `[unknown]` is what only AWS will say.",
        *(f"- {_plain(note)}" for note in report.notes),
        *blocks,
    ]
    return "\n\n".join(parts) + "\n"


class _Block:
    """The lines of one stack, folded unless they are dangerous."""

    def __init__(self, stack: StackDiff, *, is_dangerous: bool) -> None:
        others = [each for each in stack.changes.changed if not each.danger]
        lines = (
            lines_of(stack.dangerous)
            if is_dangerous
            else (*lines_of(others), *lines_of_outputs(stack.changes.outputs))
        )
        self._is_dangerous = is_dangerous
        self._title = f"{stack.name}: dangerous" if is_dangerous else stack.title
        self._lines = [_diff_line(line) for line in lines]

    @property
    def length(self) -> int:
        return sum(len(line) + 1 for line in self._lines)

    def framed(self, room: int) -> str:
        """With as many lines as there is room for."""
        kept: list[str] = []
        for line in self._lines:
            room -= len(line) + 1
            if room < 0:
                break
            kept.append(line)
        left = len(self._lines) - len(kept)
        if left:
            lines = "line" if left == 1 else "lines"
            kept.append(f"  … cut here: {left} more {lines}, see the text or JSON of this diff")
        if self._is_dangerous:
            return f"### {_plain(self._title)}\n\n{_fenced(kept)}"
        if not kept:
            return _plain(self._title)
        title = _summary(self._title)
        return f"<details><summary>{title}</summary>\n\n{_fenced(kept)}\n\n</details>"


def _shared(room: int, lengths: Sequence[int]) -> list[int]:
    """Each block's part of the room: short ones are whole, long ones get equal parts."""
    rooms = [0] * len(lengths)
    waiting = sorted(range(len(lengths)), key=lambda index: lengths[index])
    while waiting:
        part = max(room, 0) // len(waiting)
        index = waiting.pop(0)
        rooms[index] = min(lengths[index], part)
        room -= rooms[index]
    return rooms


def _diff_line(line: Line) -> str:
    return f"{_SIGNS[line.sign]} {'    ' * line.depth}{line.text}"


def _fenced(lines: Sequence[str]) -> str:
    """A fence longer than any that stands in the lines."""
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(_MIN_LINES, longest + 1)
    return "\n".join([f"{fence}diff", *lines, fence])


def _plain(text: str) -> str:
    """Text as it is, in Markdown: no markup, no HTML, no link, and nobody is notified."""
    return _unlinked(re.sub(r"([\\`*_{}\[\]<>|~&])", r"\\\1", text))


def _summary(text: str) -> str:
    """The same for what stands between HTML tags, where Markdown isn't looked for."""
    return _unlinked(html.escape(text))


def _unlinked(text: str) -> str:
    return re.sub(r"([@#]|:(?=//)|www(?=\.))", rf"\1{_WORD_JOINER}", " ".join(text.split()))
