"""The table in the document has a row for each case, and replaces the one before."""

from __future__ import annotations

import pytest

from bench.gateway.plan import CASES
from bench.gateway.table import BEGIN, COLUMNS, END, rewrite, table
from local.paths import REPO
from tests.unit.bench.gateway.measured import ceiling, comparison, side

FOUND = dict.fromkeys(CASES, comparison(course=side(100), gateway=side(257)))
CEILINGS = dict.fromkeys(CASES, ceiling())


def test_a_row_for_each_case() -> None:
    head, line, *rows = table(CEILINGS, FOUND)
    assert [row.split(" | ")[0] for row in rows] == [
        f"| {case.image}, {case.size}" for case in CASES
    ]
    assert all(each.count("|") == len(COLUMNS) + 1 for each in (head, line, *rows))
    assert all(" | 100 | 257 | 2.57 | " in row for row in rows)


def test_takes_the_place_of_the_one_before() -> None:
    document = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    once = rewrite(document, "on two cores", CEILINGS, FOUND)
    assert once.startswith(f"before\n{BEGIN}\non two cores\n\n| image")
    assert once.endswith(f"|\n{END}\nafter\n")
    assert "old" not in once
    assert rewrite(once, "on two cores", CEILINGS, FOUND) == once


def test_a_document_without_a_place_is_an_error() -> None:
    with pytest.raises(ValueError, match="no place for the table"):
        rewrite("nothing", "", CEILINGS, FOUND)


def test_the_document_has_the_place() -> None:
    text = (REPO / "docs" / "gateway-speed.md").read_text()
    assert text.index(BEGIN) < text.index(END)
