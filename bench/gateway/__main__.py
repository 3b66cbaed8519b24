"""How fast the gateway is, beside the course's design and beside a bare loop.

Needs no cluster. Ours is started as its image starts it; the course's is Flask and gunicorn with a
sync worker for each core. The servers take turns on the same cores, round by round; load, image
source and model have other cores where there are four or more. Before anything else it tells how
much of a request decoding alone takes, and so how far a faster gateway could get.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bench.gateway import report
from bench.gateway.chart import draw
from bench.gateway.cores import divide
from bench.gateway.memory import watch_memory
from bench.gateway.plan import (
    CASES,
    FULL,
    MODEL_SIZES,
    QUICK,
    RESIZE_FILTERS,
    Case,
    Image,
    Plan,
)
from bench.gateway.processes import resident_bytes
from bench.gateway.rounds import compare, measure_ceiling, warm_up
from bench.gateway.servers import Contest, Stage
from bench.gateway.table import rewrite
from bench.gateway.verdicts import all_verdicts
from local.images.services import GATEWAY
from local.paths import REPO, cache_dir
from local.progress import Progress
from local.venvs import ensure_venv

COURSE_REQUIREMENTS = REPO / "bench" / "gateway" / "course" / "requirements.txt"
CHART = REPO / "docs" / "gateway-speed.svg"
DOCUMENT = REPO / "docs" / "gateway-speed.md"

Found = TypeVar("Found")


def main() -> None:
    arguments = _arguments()
    plan = QUICK if arguments.quick else FULL
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as folder:
        stage = _stage(Path(folder), arguments.server_cores, arguments.resize_filter)
        where = report.circumstances(stage, plan)  # the load before this adds its own
        print(f"\n{where}", flush=True)
        ceilings = _each_case(stage, plan, measure_ceiling)
        report.say_ceilings(ceilings)
        comparisons = _each_case(stage, plan, compare)
        report.say_comparisons(comparisons)
        with stage.contest(MODEL_SIZES[-1]) as contest:
            memories = watch_memory(contest.around, contest.gateway, plan.mixed_requests)
            course_bytes = [resident_bytes(pid) for pid in contest.course.pids()]
        report.say_memory(memories, course_bytes)
    verdicts = all_verdicts(comparisons, memories)
    report.say_verdicts(verdicts, ceilings)
    if arguments.document:
        CHART.write_text(draw(ceilings, comparisons))
        DOCUMENT.write_text(rewrite(DOCUMENT.read_text(), where, ceilings, comparisons))
        print(f"written: {CHART}, and the table of {DOCUMENT}")
    if not all(each.reached for each in verdicts):
        sys.exit(1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.gateway", description=__doc__)
    parser.add_argument("--cluster", help="not used: no cluster is needed")
    parser.add_argument("--quick", action="store_true", help="a round of each: 2 minutes, not 10")
    parser.add_argument(
        "--server-cores", type=int, help="cores for the servers alone (default: half of 4 or more)"
    )
    parser.add_argument(
        "--resize-filter",
        choices=RESIZE_FILTERS,
        default=RESIZE_FILTERS[0],
        help="what the model describes; nearest is what the course's gateway always does",
    )
    parser.add_argument(
        "--document",
        action="store_true",
        help=f"write chart and table into {DOCUMENT.relative_to(REPO)}",
    )
    return parser.parse_args()


def _stage(folder: Path, server_cores: int | None, resize_filter: str) -> Stage:
    progress = Progress(cache_dir() / "logs")
    messages = GATEWAY / "tools" / "messages.py"
    with progress.step("python", "looking for the packages of both gateways") as step:
        sets = [GATEWAY / "requirements.txt", GATEWAY / "requirements-test.txt"]
        gateway_python = ensure_venv("gateway", sets, step, finish=messages)
        course_python = ensure_venv("course", [COURSE_REQUIREMENTS], step, finish=messages)
    stage = Stage(
        gateway_python=gateway_python,
        course_python=course_python,
        cores=divide(sorted(os.sched_getaffinity(0)), server_cores),
        pictures=folder / "pictures",
        logs=folder,
        resize_filter=resize_filter,
    )
    with progress.step("pictures", "drawing what both will be asked for"):
        stage.pictures.mkdir()
        stage.write_pictures()
    return stage


def _each_case(
    stage: Stage, plan: Plan, measure: Callable[[Image, Plan, Contest], Found]
) -> dict[Case, Found]:
    """Measure every image for every size of the model; servers are started once for each size."""
    found = {}
    for size in MODEL_SIZES:
        cases = [case for case in CASES if case.size == size]
        with stage.contest(size) as contest:
            warm_up(cases[0].image, plan, contest)
            for case in cases:
                found[case] = measure(case.image, plan, contest)
    return found


if __name__ == "__main__":
    main()
