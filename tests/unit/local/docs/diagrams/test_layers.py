"""local/docs/diagrams/layers.py: each box is below what it comes after; arrows pass in lanes."""

from local.docs.diagrams.diagram import Arrow, Box, Diagram
from local.docs.diagrams.layers import Layers, in_layers


def diagram(*pairs: str) -> Diagram:
    names = sorted({name for pair in pairs for name in pair})
    return Diagram(
        title="",
        subtitle="",
        boxes=[Box(name=name, title=name, tone="aws") for name in names],
        arrows=[Arrow(source=pair[0], target=pair[1]) for pair in pairs],
        legend=(),
    )


def rows(layers: Layers) -> list[str]:
    return ["".join("|" if slot.is_lane else slot.name for slot in row) for row in layers.rows]


def test_the_longest_way_decides() -> None:
    assert [set(row) - {"|"} for row in rows(in_layers(diagram("ab", "bc", "ac")))] == [
        {"a"},
        {"b"},
        {"c"},
    ]


def test_an_arrow_that_passes_a_layer_has_a_lane_there() -> None:
    _, middle, _ = rows(in_layers(diagram("ab", "bc", "ac")))
    assert sorted(middle) == ["b", "|"]


def test_arrows_from_one_box_share_their_lane() -> None:
    layers = in_layers(diagram("ab", "bc", "bd", "ac", "ad"))
    assert sorted(rows(layers)[1]) == ["b", "|"]
    assert len([link for link in layers.links if link.arrow]) == 5


def test_arrows_do_not_cross_where_they_need_not() -> None:
    """Alphabetically, `ad` would cross `bc`."""
    layers = in_layers(diagram("xa", "xb", "ad", "bc"))
    assert rows(layers) in (["x", "ab", "dc"], ["x", "ba", "cd"])
