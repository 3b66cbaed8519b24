"""A stack's components, each below what it needs: the order in which they come, and go."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from local.docs.diagrams.diagram import Arrow, Box, Diagram, Tone, without_detours

if TYPE_CHECKING:
    from tests.unit.harness import Program, Registration

_COMPONENT = "serving:"
_PROVIDER = "pulumi:providers:"
_TONES: dict[str, Tone] = {"aws": "aws", "platform": "platform", "workloads": "workload"}
_LEGEND: tuple[tuple[Tone, str], ...] = (
    ("aws", "infra/aws"),
    ("platform", "infra/platform"),
    ("workload", "infra/workloads"),
    ("outside", "a provider"),
)


def stack_graph(program: Program, stack: str) -> Diagram:
    """A box for each component that no other one holds, and each provider."""
    parts = _parts(program)
    boxes = [_box(name, resources) for name, resources in sorted(parts.items())]
    tones = {box.tone for box in boxes}
    components = len(program.components)
    return Diagram(
        title=f"The stack {stack}",
        subtitle=(
            f"{len(program.resources) - components} resources in {components} components. "
            "Each comes after what is above it, and goes before."
        ),
        boxes=boxes,
        arrows=without_detours(_arrows(program, parts)),
        legend=[(tone, text) for tone, text in _LEGEND if tone in tones],
    )


def _parts(program: Program) -> dict[str, list[Registration]]:
    """By box: all resources, the outermost component first."""
    by_urn = {one.urn: one for one in program.resources}
    parts: dict[str, list[Registration]] = defaultdict(list)
    for one in program.resources:
        outermost = one
        while outermost.parent in by_urn:
            outermost = by_urn[outermost.parent]
        parts[_title(outermost)].append(one)
    return {name: sorted(parts[name], key=lambda one: one.parent in by_urn) for name in parts}


def _title(outermost: Registration) -> str:
    if outermost.type.startswith(_PROVIDER):
        return f"provider {outermost.name}"
    return outermost.name


def _box(name: str, resources: list[Registration]) -> Box:
    outermost = resources[0]
    if outermost.type.startswith(_PROVIDER):
        return Box(name=name, title=name, lines=[f"of {outermost.kind}"], tone="outside")
    _, area, component = outermost.type.split(":")
    inside = [one for one in resources if not one.type.startswith(_COMPONENT)]
    return Box(
        name=name,
        title=name,
        lines=[component] if component.lower() != name.replace("-", "") else [],
        items=[f"{count} {kind}" if count > 1 else kind for kind, count in _kinds(inside)],
        tone=_TONES[area],
    )


def _kinds(resources: Iterable[Registration]) -> list[tuple[str, int]]:
    """What makes pods first, then what most of the others rest on."""
    resources = list(resources)
    needed = Counter(urn for one in resources for urn in one.depends_on)
    weights: Counter[str] = Counter()
    for one in resources:
        makes_pods = "template" in one.inputs.get("spec", {})
        weights[one.kind] += len(resources) if makes_pods else needed[one.urn]
    counts = Counter(one.kind for one in resources)
    return sorted(counts.items(), key=lambda item: (-weights[item[0]], -item[1], item[0]))


def _arrows(program: Program, parts: Mapping[str, list[Registration]]) -> set[Arrow]:
    homes = {one.urn: name for name, resources in parts.items() for one in resources}
    found = set()
    for one in program.resources:
        for urn in {*one.depends_on, one.provider.rpartition("::")[0]}:
            source, target = _home(urn, homes), homes[one.urn]
            if source and source != target:
                found.add(Arrow(source=source, target=target))
    return found


def _home(urn: str, homes: Mapping[str, str]) -> str | None:
    """Also of what a plugin made: its name begins with that of the component that it is in."""
    if urn in homes or not urn:
        return homes.get(urn)
    name = urn.rpartition("::")[2]
    inside = [home for other, home in homes.items() if name.startswith(_name(other) + "-")]
    return max(inside, key=len, default=None)


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]
