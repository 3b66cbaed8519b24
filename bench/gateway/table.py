"""The benchmark's table in docs/gateway-speed.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bench.gateway.figures import Ceiling, Comparison
from bench.gateway.plan import Case

BEGIN, END = "<!-- written by the benchmark -->", "<!-- until here -->"
COLUMNS = (
    "image, model size",
    "requests/s, course",
    "ours",
    "ratio",
    "by CPU time",
    "goal",
    "ceiling",
    "CPU ms, course",
    "ours",
    "share of the bare loop",
    "p99 to the course's",
)
NO_GOAL = "none"
MILLISECONDS = 1000


def rewrite(
    document: str,
    circumstances: str,
    ceilings: Mapping[Case, Ceiling],
    comparisons: Mapping[Case, Comparison],
) -> str:
    """The document with new figures in the place of the old ones; raises ValueError without it."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"there is no place for the table between {BEGIN} and {END}")
    rows = "\n".join(table(ceilings, comparisons))
    return f"{before}{BEGIN}\n{circumstances}\n\n{rows}\n{END}{after}"


def table(
    ceilings: Mapping[Case, Ceiling], comparisons: Mapping[Case, Comparison]
) -> Iterator[str]:
    """In Markdown, a row for each case."""
    yield _row(*COLUMNS)
    yield _row(*["---"] * len(COLUMNS))
    for case, found in comparisons.items():
        yield _row(
            str(case).replace(" to ", ", "),
            f"{found.course.per_second:.0f}",
            f"{found.gateway.per_second:.0f}",
            f"{found.ratio:.2f}",
            f"{found.ratio_by_cpu:.2f}",
            NO_GOAL if case.image.goal is None else f"{case.image.goal:g}",
            f"{ceilings[case].ratio:.1f}",
            f"{found.course.cpu_seconds * MILLISECONDS:.1f}",
            f"{found.gateway.cpu_seconds * MILLISECONDS:.1f}",
            f"{found.share_of_limit:.2f}",
            f"{found.p99_ratio:.2f}",
        )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
