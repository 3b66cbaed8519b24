"""A diagram as SVG: legible at the width of a README, on light pages and on dark ones."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from local.docs.diagrams.diagram import Box, Diagram
from local.docs.diagrams.layers import Layers, Link, Slot, in_layers

WIDTH = 860
MARGIN = 24
HEADING_HEIGHT, LEGEND_HEIGHT = 76, 44
GAP, LAYER_GAP = 16, 46
BOX_WIDTH_MAX, LANE_WIDTH = 240, 10
LABELLED_LAYER_GAP = 60
PADDING, TITLE_HEIGHT, LINE_HEIGHT = 10, 18, 15
MAX_LINES = 5
CHARACTER_WIDTH = 6.3  # of the small text, on average, in Arial and in Liberation Sans

# Colours of a light page, and of a dark one: the browser chooses.
STYLE = """\
<style>
svg { --paper: #ffffff; --ink: #1f2937; --faint: #5b6472; --line: #8a94a3; --strong: #2563eb }
svg { --aws: #fff4e5; --aws-edge: #d97706; --platform: #f3ecfd; --platform-edge: #8b5cf6 }
svg { --workload: #e6f0ff; --workload-edge: #2563eb; --outside: #f1f3f5; --outside-edge: #8a94a3 }
@media (prefers-color-scheme: dark) {
svg { --paper: #0d1117; --ink: #e6edf3; --faint: #9aa4b1; --line: #6b7685; --strong: #79aaff }
svg { --aws: #33230d; --aws-edge: #e69a2e; --platform: #251a3d; --platform-edge: #a98bfa }
svg { --workload: #12264a; --workload-edge: #5b93ff; --outside: #1b222c; --outside-edge: #6b7685 }
}
text { font-family: Helvetica, Arial, 'Liberation Sans', sans-serif; font-size: 12px }
text { fill: var(--ink) }
.title { font-size: 18px; font-weight: bold } .name { font-size: 13px; font-weight: bold }
.faint { fill: var(--faint) }
.label { fill: var(--faint); stroke: var(--paper); stroke-width: 4px; paint-order: stroke }
.paper { fill: var(--paper) }
.arrow { fill: none; stroke: var(--line); stroke-width: 1.3 } .tip { fill: var(--line) }
.strong { stroke: var(--strong); stroke-width: 2.2 } .strong-tip { fill: var(--strong) }
rect.aws { fill: var(--aws); stroke: var(--aws-edge) }
rect.platform { fill: var(--platform); stroke: var(--platform-edge) }
rect.workload { fill: var(--workload); stroke: var(--workload-edge) }
rect.outside { fill: var(--outside); stroke: var(--outside-edge) }
</style>"""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a slot is: its middle, and its upper and lower edge."""

    x: float
    top: float
    bottom: float
    width: float


def draw(diagram: Diagram) -> str:
    """The SVG's text."""
    layers = in_layers(diagram)
    boxes = {box.name: box for box in diagram.boxes}
    places, bottom = _places(layers, boxes)
    height = round(bottom + LEGEND_HEIGHT)
    size = f"viewBox='0 0 {WIDTH} {height}' width='{WIDTH}' height='{height}'"
    return "\n".join(
        [
            f"<svg xmlns='http://www.w3.org/2000/svg' {size} role='img'>",
            f"<title>{escape(diagram.title)}</title>",
            STYLE,
            f"<rect class='paper' width='{WIDTH}' height='{height}' rx='8'/>",
            _text(MARGIN, 36, diagram.title, style="title"),
            _text(MARGIN, 56, diagram.subtitle, style="faint"),
            *(_line(link, places) for link in sorted(layers.links, key=lambda link: link.strong)),
            *(part for slot in places if not slot.is_lane for part in _box(boxes, slot, places)),
            *(part for link in layers.links for part in _tip_and_label(link, places)),
            *_legend(diagram, bottom),
            "</svg>\n",
        ]
    )


def _places(layers: Layers, boxes: Mapping[str, Box]) -> tuple[dict[Slot, Place], float]:
    """All slots, and where the lowest ends."""
    has_labels = any(link.arrow and link.arrow.label for link in layers.links)
    gap = LABELLED_LAYER_GAP if has_labels else LAYER_GAP
    places: dict[Slot, Place] = {}
    top: float = HEADING_HEIGHT
    for row in layers.rows:
        widths = _widths(row)
        lines = max(len(_lines(boxes[slot.name], widths[slot])) for slot in row if not slot.is_lane)
        bottom = top + 2 * PADDING + TITLE_HEIGHT + lines * LINE_HEIGHT - 4
        for slot, x in _spread(row, widths, _wanted(row, layers.links, places)).items():
            places[slot] = Place(x=x, top=top, bottom=bottom, width=widths[slot])
        top = bottom + gap
    return places, top - gap


def _widths(row: Sequence[Slot]) -> dict[Slot, float]:
    lanes = sum(slot.is_lane for slot in row)
    room = WIDTH - 2 * MARGIN - GAP * (len(row) - 1) - LANE_WIDTH * lanes
    width = min(BOX_WIDTH_MAX, room // (len(row) - lanes))
    return {slot: LANE_WIDTH if slot.is_lane else width for slot in row}


def _wanted(
    row: Sequence[Slot], links: Sequence[Link], places: Mapping[Slot, Place]
) -> dict[Slot, float]:
    """Each below the middle of what it comes after."""
    wanted = {}
    for slot in row:
        above = [places[link.above].x for link in links if link.below == slot]
        wanted[slot] = sum(above) / len(above) if above else WIDTH / 2
    return wanted


def _spread(
    row: Sequence[Slot], widths: Mapping[Slot, float], wanted: Mapping[Slot, float]
) -> dict[Slot, float]:
    """As near to the wanted places as the order, the gaps and the margins allow.

    Neighbours that want the same place share it: they become a block around their mean.
    """
    blocks: list[list[Slot]] = []
    for slot in row:
        blocks.append([slot])
        while len(blocks) > 1 and _overlap(blocks[-2], blocks[-1], widths, wanted):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    found = {}
    for block in blocks:
        x = _left(block, widths, wanted)
        for slot in block:
            found[slot] = round(x + widths[slot] / 2, 1)
            x += widths[slot] + GAP
    return found


def _left(
    block: Sequence[Slot], widths: Mapping[Slot, float], wanted: Mapping[Slot, float]
) -> float:
    length = _length(block, widths)
    middle = sum(wanted[slot] for slot in block) / len(block)
    return min(max(middle - length / 2, MARGIN), WIDTH - MARGIN - length)


def _length(block: Sequence[Slot], widths: Mapping[Slot, float]) -> float:
    return sum(widths[slot] for slot in block) + GAP * (len(block) - 1)


def _overlap(
    left: Sequence[Slot],
    right: Sequence[Slot],
    widths: Mapping[Slot, float],
    wanted: Mapping[Slot, float],
) -> bool:
    end = _left(left, widths, wanted) + _length(left, widths)
    return end + GAP > _left(right, widths, wanted)


def _lines(box: Box, width: float) -> list[str]:
    room = int((width - 2 * PADDING) / CHARACTER_WIDTH)
    told = [part for line in box.lines for part in textwrap.wrap(line, room)]
    return [*told, *_list(box.items, room, MAX_LINES - len(told))]


def _list(items: Sequence[str], room: int, max_lines: int) -> list[str]:
    """The items, a comma between each; what there is no room for is counted."""
    lines: list[str] = []
    for index, item in enumerate(items):
        last = index == len(items) - 1
        shown = _shortened(item, room) + ("" if last else ",")
        if lines and len(lines[-1]) + 1 + len(shown) <= room:
            lines[-1] += f" {shown}"
        elif len(lines) < max_lines - (not last):
            lines.append(shown)
        else:
            return [*lines, f"and {len(items) - index} more"]
    return lines


def _shortened(text: str, room: int) -> str:
    return text if len(text) < room else text[: room - 2] + "…"


def _box(boxes: Mapping[str, Box], slot: Slot, places: Mapping[Slot, Place]) -> Iterator[str]:
    box, place = boxes[slot.name], places[slot]
    left = place.x - place.width / 2
    size = f"width='{place.width:g}' height='{place.bottom - place.top:g}'"
    yield f"<rect class='{box.tone}' x='{left:g}' y='{place.top:g}' {size} rx='6'/>"
    y = place.top + PADDING + 12
    yield _text(left + PADDING, y, box.title, style="name")
    for line in _lines(box, place.width):
        y += LINE_HEIGHT if y > place.top + PADDING + 12 else TITLE_HEIGHT
        yield _text(left + PADDING, y, line, style="faint")


def _line(link: Link, places: Mapping[Slot, Place]) -> str:
    above, below = places[link.above], places[link.below]
    start = above.top if link.above.is_lane else above.bottom
    end = below.top - (0 if link.below.is_lane else 6)
    middle = (above.bottom + below.top) / 2
    through = f"V{above.bottom:g} " if link.above.is_lane else ""
    curve = f"C{above.x:g},{middle:g} {below.x:g},{middle:g} {below.x:g},{end:g}"
    style = "arrow strong" if link.strong else "arrow"
    return f"<path class='{style}' d='M{above.x:g},{start:g} {through}{curve}'/>"


def _tip_and_label(link: Link, places: Mapping[Slot, Place]) -> Iterator[str]:
    if link.arrow is None:
        return
    place = places[link.below]
    style = "strong-tip" if link.strong else "tip"
    yield f"<path class='{style}' d='M{place.x:g},{place.top:g} l-4.5,-8 h9 z'/>"
    if link.arrow.label:
        x = (places[link.above].x + place.x) / 2
        y = (places[link.above].bottom + place.top) / 2 + 2
        yield _text(x, y, link.arrow.label, style="label", anchor="middle")


def _legend(diagram: Diagram, bottom: float) -> Iterator[str]:
    x: float = MARGIN
    for tone, text in diagram.legend:
        yield f"<rect class='{tone}' x='{x:g}' y='{bottom + 18:g}' width='14' height='12' rx='3'/>"
        yield _text(x + 20, bottom + 28, text, style="faint")
        x += 44 + len(text) * CHARACTER_WIDTH


def _text(x: float, y: float, text: str, *, style: str, anchor: str = "start") -> str:
    where = f"x='{x:g}' y='{y:g}'"
    if anchor != "start":
        where += f" text-anchor='{anchor}'"
    return f"<text class='{style}' {where}>{escape(text)}</text>"
