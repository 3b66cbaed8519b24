"""What a picture shows: boxes, and arrows from what comes first to what comes after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Tone = Literal["aws", "platform", "workload", "outside"]


@dataclass(frozen=True, kw_only=True)
class Box:
    """One thing: `name` is unique. Of `items` as many are shown as there is room for."""

    name: str
    title: str
    lines: Sequence[str] = ()
    items: Sequence[str] = ()
    tone: Tone


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """From one box to another that is below it."""

    source: str
    target: str
    label: str = ""
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Diagram:
    title: str
    subtitle: str
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    legend: Sequence[tuple[Tone, str]]


def without_detours(arrows: Iterable[Arrow]) -> list[Arrow]:
    """Those that say something new: none that other arrows lead to as well (no cycles)."""
    arrows = sorted(arrows, key=lambda arrow: (arrow.source, arrow.target))
    below: dict[str, set[str]] = {}
    for arrow in arrows:
        below.setdefault(arrow.source, set()).add(arrow.target)

    def reached(name: str) -> set[str]:
        direct = below.get(name, set())
        return direct.union(*(reached(each) for each in direct))

    return [
        arrow
        for arrow in arrows
        if not any(
            arrow.target in reached(other) for other in below[arrow.source] if other != arrow.target
        )
    ]
