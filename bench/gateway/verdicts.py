"""The goals, and which of them were reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bench.gateway.figures import Comparison, Verdict
from bench.gateway.memory import Memory
from bench.gateway.plan import GOAL_P99_RATIO, GOAL_SHARE_OF_LIMIT, Case


def all_verdicts(
    comparisons: Mapping[Case, Comparison], memories: Sequence[Memory]
) -> list[Verdict]:
    """Of speed, case by case, and of memory, process by process."""
    of_speed = [one for case, found in comparisons.items() for one in _of_case(case, found)]
    return of_speed + [one for memory in memories for one in memory.verdicts()]


def _of_case(case: Case, found: Comparison) -> Iterator[Verdict]:
    if case.image.goal is not None:
        yield Verdict(
            what=f"{case}: requests/s to the course's", value=found.ratio, goal=case.image.goal
        )
        yield Verdict(
            what=f"{case}: p99 to the course's",
            value=found.p99_ratio,
            goal=GOAL_P99_RATIO,
            at_most=True,
        )
    yield Verdict(
        what=f"{case}: share of the bare loop", value=found.share_of_limit, goal=GOAL_SHARE_OF_LIMIT
    )
