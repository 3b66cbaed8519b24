"""local/preview_diff/report.py: the line that a reviewer reads first."""

from __future__ import annotations

from tests.unit.local.preview_diff.reports import (
    changed_topic,
    deleted_bucket,
    replaced_nodes,
    report,
    stack,
)


def test_danger_is_told_by_stack_what_it_is_and_whom_it_takes() -> None:
    made = report(
        stack(
            changed_topic(),
            replaced_nodes("nodes-a"),
            replaced_nodes("nodes-b"),
            deleted_bucket(),
            name="dev",
        ),
        stack(changed_topic(), name="prod"),
    )
    assert made.is_dangerous
    assert made.headline == (
        "DANGEROUS: dev replaces 2 node groups (nodes-a, nodes-b) and deletes 1 bucket (models)"
    )


def test_many_names_are_counted() -> None:
    names = [replaced_nodes(f"nodes-{letter}") for letter in "abcde"]
    assert report(stack(*names)).headline == (
        "DANGEROUS: dev replaces 5 node groups (nodes-a, nodes-b, nodes-c, and 2 more)"
    )


def test_several_stacks_are_told_apart() -> None:
    made = report(stack(replaced_nodes(), name="dev"), stack(deleted_bucket(), name="prod"))
    assert made.headline == (
        "DANGEROUS: dev replaces 1 node group (gpu); prod deletes 1 bucket (models)"
    )


def test_without_danger_the_counts_are_the_news() -> None:
    made = report(stack(changed_topic()), stack(name="prod"))
    assert not made.is_dangerous
    assert made.headline == (
        "Nothing dangerous. dev: 1 changed, 7 unchanged; prod: no change (7 resources)"
    )


def test_no_change_is_said_to_be_none() -> None:
    assert report(stack()).headline == "No change. dev: no change (7 resources)"


def test_a_stack_of_one_side_is_said_to_be() -> None:
    assert stack(presence="head").title.startswith("dev (new): ")
    assert stack(presence="base").title.startswith("dev (no longer there): ")
