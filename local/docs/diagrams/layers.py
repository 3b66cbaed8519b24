"""Boxes in layers, each below all that it comes after, with few crossings of arrows.

The method is Sugiyama's, in its plainest form:
https://en.wikipedia.org/wiki/Layered_graph_drawing. An arrow that passes layers gets a lane in
each; arrows from one box share their lanes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from local.docs.diagrams.diagram import Arrow, Diagram

SWEEPS = 12


@dataclass(frozen=True, kw_only=True, order=True)
class Slot:
    """A place in a layer: a box, or the lane of arrows that come from a box above."""

    layer: int
    name: str
    is_lane: bool = False


@dataclass(frozen=True, kw_only=True)
class Link:
    """A piece of an arrow, from a layer to the next; `arrow` where it ends in its box."""

    above: Slot
    below: Slot
    arrow: Arrow | None = None
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Layers:
    rows: Sequence[Sequence[Slot]]
    links: Sequence[Link]


def in_layers(diagram: Diagram) -> Layers:
    """Rows from the top, each from left to right."""
    depths = _depths(diagram)
    slots = {name: Slot(layer=depth, name=name) for name, depth in depths.items()}
    links: dict[tuple[Slot, Slot], Link] = {}
    for arrow in diagram.arrows:
        above = slots[arrow.source]
        for layer in range(above.layer + 1, depths[arrow.target]):
            lane = Slot(layer=layer, name=arrow.source, is_lane=True)
            strong = arrow.strong or ((above, lane) in links and links[above, lane].strong)
            links[above, lane] = Link(above=above, below=lane, strong=strong)
            above = lane
        below = slots[arrow.target]
        links[above, below] = Link(above=above, below=below, arrow=arrow, strong=arrow.strong)
    found = {slot for pair in links for slot in pair} | set(slots.values())
    rows = [
        sorted(slot for slot in found if slot.layer == layer)
        for layer in range(max(depths.values()) + 1)
    ]
    return Layers(rows=_with_few_crossings(rows, list(links)), links=list(links.values()))


def _depths(diagram: Diagram) -> Mapping[str, int]:
    """The length of the longest way from the top."""
    above: dict[str, list[str]] = {box.name: [] for box in diagram.boxes}
    for arrow in diagram.arrows:
        above[arrow.target].append(arrow.source)
    depths: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in depths:
            depths[name] = 1 + max((depth(each) for each in above[name]), default=-1)
        return depths[name]

    return {box.name: depth(box.name) for box in diagram.boxes}


def _with_few_crossings(
    rows: list[list[Slot]], links: Sequence[tuple[Slot, Slot]]
) -> list[list[Slot]]:
    """Each slot goes to the middle of those that it is linked to, down and up again."""
    best, fewest = rows, _crossings(rows, links)
    for sweep in range(SWEEPS):
        goes_down = sweep % 2 == 0
        order = range(1, len(rows)) if goes_down else range(len(rows) - 2, -1, -1)
        rows = [list(row) for row in rows]
        for index in order:
            fixed = rows[index - 1 if goes_down else index + 1]
            places = {slot: (at + 0.5) / len(fixed) for at, slot in enumerate(fixed)}
            rows[index] = _sorted_by_middle(rows[index], places, links)
        crossings = _crossings(rows, links)
        if crossings < fewest:
            best, fewest = rows, crossings
    return best


def _sorted_by_middle(
    row: list[Slot], places: Mapping[Slot, float], links: Sequence[tuple[Slot, Slot]]
) -> list[Slot]:
    def middle(slot: Slot) -> float:
        near = [places[above] for above, below in links if below == slot and above in places]
        near += [places[below] for above, below in links if above == slot and below in places]
        return sum(near) / len(near) if near else (row.index(slot) + 0.5) / len(row)

    return sorted(row, key=middle)


def _crossings(rows: Sequence[Sequence[Slot]], links: Sequence[tuple[Slot, Slot]]) -> int:
    places = {slot: at for row in rows for at, slot in enumerate(row)}
    pairs = [(above.layer, places[above], places[below]) for above, below in links]
    return sum(
        layer == other_layer and (a - other_a) * (b - other_b) < 0
        for index, (layer, a, b) in enumerate(pairs)
        for other_layer, other_a, other_b in pairs[:index]
    )
