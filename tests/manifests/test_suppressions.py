"""tests/manifests/suppressions.py: a reason covers the objects that it names, and no others."""

from tests.manifests.suppressions import ALL, Finding, remaining

FIRST = Finding("check", "Deployment a", "says")
SECOND = Finding("check", "Deployment b", "says")


def test_without_a_reason_it_stays() -> None:
    assert remaining([FIRST, SECOND], {}) == [FIRST, SECOND]


def test_for_one_object() -> None:
    assert remaining([FIRST, SECOND], {"check": {"Deployment a": "why"}}) == [SECOND]


def test_for_all() -> None:
    assert remaining([FIRST, SECOND], {"check": {ALL: "why"}}) == []
