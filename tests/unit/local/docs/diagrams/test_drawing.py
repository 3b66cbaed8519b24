"""local/docs/diagrams/drawing.py: well-formed, inside of its borders, and nothing overlaps."""

import xml.etree.ElementTree as ET
from itertools import combinations

import pytest

from local.docs.diagrams.diagram import Arrow, Box, Diagram
from local.docs.diagrams.drawing import WIDTH, draw
from local.docs.diagrams.request_way import request_way
from local.docs.diagrams.stack_graph import stack_graph
from tests.unit.harness import STACKS, Program

SVG = "{http://www.w3.org/2000/svg}"
TEXT_WIDTH = 6.1  # of a character, on average, in the fonts that the style names


@pytest.fixture(params=[*STACKS, "request"])
def svg(request: pytest.FixtureRequest, local: Program) -> ET.Element:
    if request.param == "request":
        return ET.fromstring(draw(request_way(local, "local")))
    program: Program = request.getfixturevalue(request.param)
    return ET.fromstring(draw(stack_graph(program, request.param)))


def boxes(svg: ET.Element) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom of each but the paper and the legend."""
    sides = [
        [float(rect.get(key, 0)) for key in ("x", "y", "width", "height")]
        for rect in svg.iter(f"{SVG}rect")
    ]
    return [(x, y, x + width, y + height) for x, y, width, height in sides if 20 < width < WIDTH]


class TestPictures:
    def test_all_boxes_are_on_the_paper(self, svg: ET.Element) -> None:
        height = float(svg.get("height", 0))
        assert boxes(svg)
        for left, top, right, bottom in boxes(svg):
            assert 0 < left < right < WIDTH
            assert 0 < top < bottom < height

    def test_no_box_covers_another(self, svg: ET.Element) -> None:
        for one, other in combinations(boxes(svg), 2):
            beside = one[2] < other[0] or other[2] < one[0]
            above = one[3] < other[1] or other[3] < one[1]
            assert beside or above, (one, other)

    def test_texts_stay_in_their_boxes(self, svg: ET.Element) -> None:
        for text in svg.iter(f"{SVG}text"):
            if text.get("class") not in ("faint", "name"):
                continue
            x, y = float(text.get("x", 0)), float(text.get("y", 0))
            around = [box for box in boxes(svg) if box[0] < x < box[2] and box[1] < y < box[3]]
            for _, _, right, bottom in around:
                assert y < bottom
                assert x + len(text.text or "") * TEXT_WIDTH < right, text.text


def test_what_there_is_no_room_for_is_counted() -> None:
    box = Box(name="a", title="a", items=[f"SomethingLongEnough{n}" for n in range(30)], tone="aws")
    text = draw(Diagram(title="", subtitle="", boxes=[box], arrows=[], legend=()))
    assert "and 26 more" in text


def test_what_is_written_is_escaped() -> None:
    boxes = [Box(name=name, title=f"<{name}>", tone="aws") for name in "ab"]
    arrows = [Arrow(source="a", target="b", label="x & y")]
    text = draw(Diagram(title="a < b", subtitle="", boxes=boxes, arrows=arrows, legend=()))
    assert "a &lt; b" in text
    assert "x &amp; y" in text
    ET.fromstring(text)
