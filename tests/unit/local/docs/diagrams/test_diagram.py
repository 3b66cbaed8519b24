"""local/docs/diagrams/diagram.py: arrows that say nothing new are left out."""

from local.docs.diagrams.diagram import Arrow, without_detours


def arrows(*pairs: str) -> set[Arrow]:
    return {Arrow(source=pair[0], target=pair[1]) for pair in pairs}


def test_what_another_way_leads_to_has_no_arrow_of_its_own() -> None:
    assert set(without_detours(arrows("ab", "bc", "cd", "ac", "ad"))) == arrows("ab", "bc", "cd")


def test_two_ways_to_the_same_end_both_stay() -> None:
    diamond = arrows("ab", "ac", "bd", "cd")
    assert set(without_detours(diamond)) == diamond
