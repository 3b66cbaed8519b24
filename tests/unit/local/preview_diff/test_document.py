"""local/preview_diff/document.py: JSON as its schema says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from local.preview_diff import document
from local.preview_diff.report import Report
from tests.unit.local.preview_diff.reports import (
    changed_topic,
    deleted_bucket,
    replaced_nodes,
    report,
    stack,
)

SCHEMA = json.loads(Path(document.__file__).with_name("schema.json").read_text())


@pytest.mark.parametrize(
    "made",
    [
        report(stack()),
        report(stack(changed_topic(old=None, new={"a": [1]}), presence="base")),
        report(stack(replaced_nodes(), deleted_bucket()), stack(name="prod"), notes=("n",)),
    ],
)
def test_a_report_is_as_the_schema_says(made: Report) -> None:
    written = json.loads(json.dumps(document.as_document(made)))
    assert [each.message for each in Draft202012Validator(SCHEMA).iter_errors(written)] == []


def test_danger_is_for_programs_too() -> None:
    written: dict[str, Any] = document.as_document(report(stack(replaced_nodes())))
    assert written["dangerous"] is True
    [found] = written["stacks"][0]["changes"]
    assert (found["danger"], found["operation"]) == ("node group", "replaced")
    assert document.as_document(report(stack(changed_topic())))["dangerous"] is False


def test_counts_are_those_of_the_changes() -> None:
    written = document.as_document(report(stack(replaced_nodes(), changed_topic())))
    assert written["stacks"][0]["counts"] == {
        "added": 0,
        "changed": 1,
        "replaced": 1,
        "deleted": 0,
        "unchanged": 7,
    }
