"""Output as a page shows it, and as it was printed: `…` stands for what differs each time."""

from __future__ import annotations

import re
from collections.abc import Sequence

ANY = "…"


def mismatch(shown: str, printed: str) -> str:
    """What of `shown` was not printed; empty when all was, and nothing else.

    In a line `…` stands for any text, on a line of its own for any number of lines. Columns may be
    wider or narrower, as what stands in them is.
    """
    expected, actual = _lines(shown), _lines(printed)
    parts = _split(expected)
    position = 0
    for index, part in enumerate(parts):
        begins, ends = index == 0, index == len(parts) - 1
        found = _find(part, actual, position, at_start=begins, at_end=ends)
        if found is None:
            wanted = "\n".join(part) or "nothing more"
            return f"not printed, after line {position} of the output:\n{wanted}"
        position = found + len(part)
    return ""


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.strip("\n").splitlines()]


def _split(lines: Sequence[str]) -> list[list[str]]:
    """The runs of lines between those that are `…` alone."""
    parts: list[list[str]] = [[]]
    for line in lines:
        if line == ANY:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def _find(
    part: Sequence[str], lines: Sequence[str], begin: int, *, at_start: bool, at_end: bool
) -> int | None:
    """Where the lines of `part` first stand together, from `begin` on."""
    last = len(lines) - len(part)
    first = last if at_end else begin
    if first < begin or (at_start and first != begin):
        return None
    for position in range(first, begin + 1 if at_start else last + 1):
        window = lines[position : position + len(part)]
        if len(window) == len(part) and all(map(_fits, part, window)):
            return position
    return None


def _fits(shown: str, printed: str) -> bool:
    pattern = ".*".join(map(re.escape, shown.split(ANY)))
    return re.fullmatch(pattern, printed) is not None
