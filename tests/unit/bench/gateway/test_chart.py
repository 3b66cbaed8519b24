"""The chart is an SVG that shows each case, with its goal where it has one."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from bench.gateway.chart import GOAL, draw
from bench.gateway.plan import CASES, IMAGES
from tests.unit.bench.gateway.measured import ceiling, comparison, side

SVG = "{http://www.w3.org/2000/svg}"


def _draw() -> ElementTree.Element:
    found = comparison(course=side(100), gateway=side(257))
    return ElementTree.fromstring(
        draw(dict.fromkeys(CASES, ceiling()), dict.fromkeys(CASES, found))
    )


def _texts() -> list[str]:
    return [each.text or "" for each in _draw().iter(f"{SVG}text")]


def test_every_image_has_a_bar_for_each_size() -> None:
    for image in IMAGES:
        assert _texts().count(str(image)) == 2


def test_the_figures_stand_beside_the_bars() -> None:
    assert _texts().count("2.6 x") == len(CASES)
    assert _texts().count("257 · 100") == len(CASES)


def test_goals_are_marked() -> None:
    with_goals = [case for case in CASES if case.image.goal]
    marks = [each for each in _draw().iter(f"{SVG}line") if each.get("stroke") == GOAL]
    assert len(marks) == len(with_goals) + 1  # and one in the legend


def test_everything_is_inside_of_the_picture() -> None:
    picture = _draw()
    _, _, width, height = map(float, (picture.get("viewBox") or "").split())
    for each in picture.iter():
        assert float(each.get("x", 0)) + float(each.get("width", 0)) <= width
        assert float(each.get("y", 0)) <= height


def test_nothing_comes_from_elsewhere() -> None:
    found = comparison()
    text = draw(dict.fromkeys(CASES, ceiling()), dict.fromkeys(CASES, found))
    assert re.findall(r"https?://\S+", text) == ["http://www.w3.org/2000/svg'"]
