"""What a check found: a fact, and where it is a problem the cause with the next step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`problem` is None when all is well; else it is one line: the cause; the next step.

    `warning` is such a line for what can be done without.
    """

    found: str
    problem: str | None = None
    warning: str | None = None


@dataclass(frozen=True)
class Check:
    """A named look at the machine that changes nothing."""

    name: str
    examine: Callable[[], Finding]


def first_problem(checks: list[Check]) -> str | None:
    """The problem of the first check that has one; those after it are not made."""
    for check in checks:
        problem = check.examine().problem
        if problem is not None:
            return problem
    return None
