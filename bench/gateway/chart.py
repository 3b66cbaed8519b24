"""The benchmark's chart: an SVG that any browser shows, without outside resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from bench.gateway.figures import Ceiling, Comparison
from bench.gateway.plan import CLIENTS, MODEL_SIZES, Case

WIDTH = 880
BARS_LEFT, BARS_RIGHT = 150, 560
RATES_RIGHT, P99_RIGHT = 710, 860
TOP = 104
ROW_HEIGHT, BAR_HEIGHT = 34, 16
GROUP_GAP = 30
LEGEND_HEIGHT = 46

OURS, CEILING, GOAL, INK, FAINT = "#2563eb", "#dbe6fb", "#d9480f", "#1f2937", "#6b7280"
FONT = "font-family='Helvetica, Arial, sans-serif'"
MILLISECONDS = 1000


def draw(ceilings: Mapping[Case, Ceiling], comparisons: Mapping[Case, Comparison]) -> str:
    """Our speed as a multiple of the course's: one bar for each image and size of the model."""
    ratios = [each.ratio for each in ceilings.values()]
    ratios += [each.ratio for each in comparisons.values()]
    scale = _Scale(max(1.0, *ratios))
    parts = list(_title())
    y = TOP
    for size in MODEL_SIZES:
        cases = [case for case in comparisons if case.size == size]
        if not cases:
            continue
        parts.append(_text(20, y - 8, f"to {size} x {size} pixels", weight="bold"))
        for case in cases:
            parts += _row(y, case, ceilings[case], comparisons[case], scale)
            y += ROW_HEIGHT
        y += GROUP_GAP
    parts += _course_line(scale, y - GROUP_GAP)
    parts += _legend(y)
    height = y + LEGEND_HEIGHT
    return "\n".join(
        [
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {height}' {FONT}>",
            f"<rect width='{WIDTH}' height='{height}' fill='white'/>",
            *parts,
            "</svg>\n",
        ]
    )


class _Scale:
    """From ratios to pixels."""

    def __init__(self, last: float) -> None:
        self._pixels = (BARS_RIGHT - BARS_LEFT) / last

    def x(self, ratio: float) -> float:
        return round(BARS_LEFT + ratio * self._pixels, 1)


def _title() -> Iterator[str]:
    yield _text(20, 32, "Requests per second, as a multiple of the course's gateway", size=18)
    yield _text(20, 54, f"{CLIENTS} clients; images by URL, JPEG and PNG", fill=FAINT)
    for right, text in ((RATES_RIGHT, "requests/s"), (P99_RIGHT, "p99, ms")):
        yield _text(right, TOP - 24, text, anchor="end", weight="bold")
        yield _text(right, TOP - 8, "ours · course's", anchor="end", fill=FAINT)


def _row(y: int, case: Case, ceiling: Ceiling, found: Comparison, scale: _Scale) -> Iterator[str]:
    top, baseline = y + (ROW_HEIGHT - BAR_HEIGHT) / 2, y + ROW_HEIGHT / 2 + 5
    yield _text(BARS_LEFT - 10, baseline, str(case.image), anchor="end")
    yield _bar(top, scale.x(max(ceiling.ratio, found.ratio)), CEILING)
    yield _bar(top, scale.x(found.ratio), OURS)
    if case.image.goal is not None:
        yield _goal(scale.x(case.image.goal), top)
    # At the bar's beginning, where no goal's mark is.
    yield _text(BARS_LEFT + 8, baseline, f"{found.ratio:.1f} x", fill="white")
    rates = f"{found.gateway.per_second:.0f} · {found.course.per_second:.0f}"
    yield _text(RATES_RIGHT, baseline, rates, anchor="end")
    p99 = [each.p99_seconds * MILLISECONDS for each in (found.gateway, found.course)]
    yield _text(P99_RIGHT, baseline, f"{p99[0]:.0f} · {p99[1]:.0f}", anchor="end")


def _bar(top: float, right: float, fill: str, left: float = BARS_LEFT) -> str:
    size = f"width='{right - left:.1f}' height='{BAR_HEIGHT}'"
    return f"<rect x='{left}' y='{top}' {size} rx='2' fill='{fill}'/>"


def _goal(x: float, top: float) -> str:
    ends = f"y1='{top - 4}' y2='{top + BAR_HEIGHT + 4}'"
    return f"<line x1='{x}' x2='{x}' {ends} stroke='{GOAL}' stroke-width='3'/>"


def _course_line(scale: _Scale, bottom: float) -> Iterator[str]:
    x = scale.x(1)
    ends = f"y1='{TOP - 4}' y2='{bottom}'"
    yield f"<line x1='{x}' x2='{x}' {ends} stroke='{FAINT}' stroke-dasharray='3 3'/>"
    yield _text(x, TOP - 8, "course's = 1", anchor="middle", fill=FAINT)


def _legend(y: float) -> Iterator[str]:
    baseline = y + 13
    yield _bar(y, 44, OURS, left=20)
    yield _text(52, baseline, "this gateway")
    yield _bar(y, 184, CEILING, left=160)
    yield _text(192, baseline, "ceiling: all but decoding free")
    yield _goal(410, y)
    yield _text(420, baseline, "goal")


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 13,
    anchor: str = "start",
    fill: str = INK,
    weight: str = "normal",
) -> str:
    style = f"font-size='{size}' text-anchor='{anchor}' fill='{fill}' font-weight='{weight}'"
    return f"<text x='{x}' y='{y}' {style}>{escape(text)}</text>"
