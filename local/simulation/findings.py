"""What a simulation found: a line on screen for each check, and whether all went well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from local.progress import say

_SHOWN = 5  # of the contradictions to one check


@dataclass
class Findings:
    """`failed` are the checks that didn't hold."""

    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def check(self, text: str, contradictions: Iterable[object]) -> None:
        """Says that a check holds, or what contradicts it."""
        found = [str(each) for each in contradictions]
        if not found:
            self.passed.append(text)
            say(f"    ok      {text}")
            return
        self.failed.append(text)
        say(f"    FAILED  {text}")
        for line in _shortened(found):
            say(f"            {line}")


def _shortened(lines: Sequence[str]) -> Sequence[str]:
    more = len(lines) - _SHOWN
    return lines if more <= 0 else [*lines[:_SHOWN], f"and {more} more"]
