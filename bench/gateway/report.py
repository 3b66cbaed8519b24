"""What the benchmark prints."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import date

from bench.gateway.figures import Ceiling, Comparison, Verdict
from bench.gateway.memory import Memory
from bench.gateway.plan import CLIENTS, Case, Plan
from bench.gateway.servers import Stage

MILLISECONDS = 1000


def circumstances(stage: Stage, plan: Plan) -> str:
    """Where, how and when: without these no figure says anything."""
    return (
        f"Servers on {stage.cores}.\n"
        f"Python {platform.python_version()}.\n"
        f"Ours resizes by {stage.resize_filter}, the course's by nearest.\n"
        f"{CLIENTS} clients; medians of {plan.rounds} rounds of {plan.round_seconds:g} s, in turns;"
        f" {date.today():%B %Y}, load average {os.getloadavg()[0]:.1f}."
    )


def say_ceilings(ceilings: Mapping[Case, Ceiling]) -> None:
    """How far a faster gateway could get."""
    print("\nThe ceiling: decoding alone, in ms of CPU time, and the highest ratio that it leaves")
    _row("", "all pixels", "of course's", "as ours", "of ours", "ceiling", "goal")
    for case, found in ceilings.items():
        _row(
            str(case),
            f"{found.decode_seconds * MILLISECONDS:.2f}",
            f"{found.course_share:.0%}",
            f"{found.scaled_seconds * MILLISECONDS:.2f}",
            f"{found.gateway_share:.0%}",
            f"{found.ratio:.2f}",
            "" if case.image.goal is None else f"{case.image.goal:g}",
        )


def say_comparisons(comparisons: Mapping[Case, Comparison]) -> None:
    print("\nRequests per second, and the bare loop that only decodes, resizes and serialises")
    _row("", "course", "ours", "ratio", "by CPU time", "bare loop", "share of it")
    for case, found in comparisons.items():
        _row(
            str(case),
            f"{found.course.per_second:.0f}",
            f"{found.gateway.per_second:.0f}",
            f"{found.ratio:.2f}",
            f"{found.ratio_by_cpu:.2f}",
            f"{found.limit_per_second:.0f}",
            f"{found.share_of_limit:.2f}",
        )
    print("\np99 in ms, and ms of CPU time of a request (around: load, image source and model)")
    _row("", "p99 course", "p99 ours", "ratio", "CPU course", "CPU ours", "around")
    for case, found in comparisons.items():
        _row(
            str(case),
            f"{found.course.p99_seconds * MILLISECONDS:.0f}",
            f"{found.gateway.p99_seconds * MILLISECONDS:.0f}",
            f"{found.p99_ratio:.2f}",
            f"{found.course.cpu_seconds * MILLISECONDS:.2f}",
            f"{found.gateway.cpu_seconds * MILLISECONDS:.2f}",
            f"{found.gateway.around_cpu_seconds * MILLISECONDS:.2f}",
        )
    say_failures(comparisons)


def say_failures(comparisons: Mapping[Case, Comparison]) -> None:
    """Requests that don't count, since they were not answered rightly."""
    for case, found in comparisons.items():
        for name, side in (("course", found.course), ("ours", found.gateway)):
            if side.failed:
                print(f"  {case}: {side.failed} requests FAILED at {name}")


def say_memory(memories: Sequence[Memory], course_bytes: Sequence[int]) -> None:
    print("\nMB resident through mixed requests, a sample after each thousand")
    for each in memories:
        samples = " ".join(f"{sample / 1e6:.0f}" for sample in each.samples_bytes)
        print(f"  {each.name:<20}{samples}; most {each.peak_bytes / 1e6:.0f}")
    workers = " ".join(f"{each / 1e6:.0f}" for each in course_bytes)
    print(f"  {'course, each process':<20} {workers}")


def say_verdicts(verdicts: Sequence[Verdict], ceilings: Mapping[Case, Ceiling]) -> None:
    print("\nGoals")
    for verdict in verdicts:
        print(f"  {verdict}")
    for case, ceiling in ceilings.items():
        if case.image.goal and ceiling.ratio < case.image.goal:
            print(
                f"  {case}: no gateway could reach {case.image.goal:g} here, "
                f"the ceiling is {ceiling.ratio:.2f}"
            )
    print(f"load average at the end {os.getloadavg()[0]:.2f}")


def _row(name: str, *cells: str) -> None:
    print(f"  {name:<24}" + "".join(f"{cell:>13}" for cell in cells))
