"""Turns of servers under load, and of the bare loop."""

from __future__ import annotations

from collections.abc import Sequence

from bench.gateway.figures import Ceiling, Comparison, Limit, Round, Side
from bench.gateway.plan import CLIENTS, Image, Plan
from bench.gateway.processes import Peer, cpu_seconds
from bench.gateway.servers import Around, Contest, Server


def warm_up(image: Image, plan: Plan, contest: Contest) -> None:
    """While its last processes still start a server takes longer for a request than ever after."""
    for server in (contest.course, contest.gateway):
        load_round(contest.around, server, image, plan.warm_up_seconds)


def measure_ceiling(image: Image, plan: Plan, contest: Contest) -> Ceiling:
    """How much of a request decoding alone takes."""
    seconds = plan.ceiling_seconds
    loop = contest.loops[0]
    return Ceiling(
        decode_seconds=_cpu_seconds_of(loop, image, "decode", seconds),
        scaled_seconds=_cpu_seconds_of(loop, image, "decode scaled", seconds),
        course=Side([load_round(contest.around, contest.course, image, seconds)]),
        gateway=Side([load_round(contest.around, contest.gateway, image, seconds)]),
        shared=contest.shared,
    )


def compare(image: Image, plan: Plan, contest: Contest) -> Comparison:
    """All three take turns, so that a busy moment hits each."""
    course, gateway, limits = [], [], []
    for _ in range(plan.rounds):
        course.append(load_round(contest.around, contest.course, image, plan.round_seconds))
        gateway.append(load_round(contest.around, contest.gateway, image, plan.round_seconds))
        limits.append(limit_round(contest.loops, image, plan.round_seconds))
    return Comparison(
        course=Side(course), gateway=Side(gateway), limits=limits, shared=contest.shared
    )


def load_round(around: Around, server: Server, image: Image, seconds: float) -> Round:
    """As many requests for an image as all clients get answered."""
    pids = server.pids()
    server_before, around_before = cpu_seconds(pids), around.cpu_seconds()
    urls = [around.url(image.file)]
    told = around.load.ask(port=server.port, urls=urls, clients=CLIENTS, seconds=seconds)
    answered = told["outcomes"].get("200", 0)
    return Round(
        seconds=told["seconds"],
        answered=answered,
        failed=sum(told["outcomes"].values()) - answered,
        latencies_seconds=told["latencies_seconds"],
        server_cpu_seconds=cpu_seconds(pids) - server_before,
        around_cpu_seconds=around.cpu_seconds() - around_before,
    )


def limit_round(loops: Sequence[Peer], image: Image, seconds: float) -> Limit:
    """All bare loops at the same time."""
    for each in loops:
        each.tell(image=image.file, work="whole", seconds=seconds)
    told = [each.answer() for each in loops]
    return Limit(
        per_second=sum(each["times"] / each["seconds"] for each in told),
        cpu_seconds=sum(each["cpu_seconds"] for each in told) / sum(each["times"] for each in told),
    )


def _cpu_seconds_of(loop: Peer, image: Image, work: str, seconds: float) -> float:
    told = loop.ask(image=image.file, work=work, seconds=seconds)
    taken: float = told["cpu_seconds"] / told["times"]
    return taken
