"""`make doctor`: whether `make up` can start here, and what it would do."""

from __future__ import annotations

from local.preconditions.checks import Preconditions
from local.preconditions.finding import Check
from local.preconditions.machine import GIB, Machine
from local.preconditions.plan import Plan
from local.progress import say
from local.toolchain.binaries import cached, on_path
from local.toolchain.releases import RELEASES
from local.versions import GO_TOOLS, GoTool


def show_diagnosis(name: str, gateway_port: int | None, machine: Machine) -> int:
    """Prints checks, tools and plan; returns 0 when `make up` can start, else 1."""
    preconditions = Preconditions(name, gateway_port, machine)
    say(f"cluster '{name}'")
    problems = [problem for each in preconditions.checks() if (problem := _show(each))]
    say("tools")
    for tool in GO_TOOLS:
        say(f"  {tool.name:<24} {tool.version:<10} {_where(tool)}")
    if problems:
        say(f"\n`make up` can't start: {len(problems)} of the checks failed")
        return 1
    say(describe(preconditions.plan))
    return 0


def describe(plan: Plan) -> str:
    """What the next `make up` does, and roughly how long it takes on 2 cores."""
    steps = [f"  {_duration(each.seconds):>7}  {each.what}" for each in plan.works]
    size = (plan.cache_bytes + plan.go_cache_bytes + plan.state_bytes) / GIB
    closing = f"about {_duration(plan.seconds)} on 2 cores, up to {size:.1f} GiB of disk"
    return "\n".join(
        [
            "`make up` would",
            *steps,
            f"  {'':>7}  bring up cluster and stack, and prove it",
            f"{closing}; nothing is downloaded" if not _downloads(plan) else closing,
        ]
    )


def _show(check: Check) -> str | None:
    finding = check.examine()
    say(f"  {'ok' if finding.problem is None else 'FAILED':<7} {check.name:<12} {finding.found}")
    if finding.problem is not None:
        say(f"  {'':<7} {'':<12} {finding.problem}")
    return finding.problem


def _where(tool: GoTool) -> str:
    path = on_path(tool)
    if path is not None:
        return f"on PATH: {path}"
    if cached(tool).exists():
        return "in the cache"
    return "to be downloaded or built" if tool.name in RELEASES else "to be built"


def _downloads(plan: Plan) -> bool:
    return any(each.source is not None for each in plan.works)


def _duration(seconds: int) -> str:
    return f"{seconds} s" if seconds < 120 else f"{round(seconds / 60)} min"
