"""local/preview_diff/text.py and entries.py: what a terminal shows."""

from __future__ import annotations

import io

from rich.console import Console

from local.preview_diff.changes import Changes, Operation, ResourceChange
from local.preview_diff.property_values import PropertyChange
from local.preview_diff.report import Report, StackDiff
from local.preview_diff.text import as_text
from tests.unit.local.preview_diff.reports import (
    TOPIC,
    changed_topic,
    deleted_bucket,
    replaced_nodes,
    report,
    stack,
)


def lines(made: Report) -> list[str]:
    written = io.StringIO()
    as_text(made, Console(file=written, width=200))
    return written.getvalue().splitlines()


def test_danger_comes_first_then_the_stacks() -> None:
    found = lines(report(stack(changed_topic(), replaced_nodes()), notes=("assumed: x",)))
    assert found[0] == "DANGEROUS: dev replaces 1 node group (gpu)"
    assert found[1].startswith("from main (aaaaaaaaaa) to the working tree (bbbbbbbbbb with")
    assert found[2] == "note: assumed: x"
    titles = [line for line in found if line and not line.startswith(" ")][3:]
    assert titles == ["dev, dangerous", "dev: 1 changed, 1 replaced, 7 unchanged; 1 dangerous"]


def test_a_replacement_says_why_and_in_which_order() -> None:
    found = lines(report(stack(replaced_nodes())))
    at = found.index(
        "  ± eks.NodeGroup gpu: replaced because of instanceTypes; "
        "the new one comes before the old one goes"
    )
    assert found[at + 1] == '      ~ instanceTypes[0]: "g5.xlarge" → "g6.xlarge"  (replaces)'


def test_what_is_protected_says_so() -> None:
    assert "  - s3.Bucket models: deleted; it is protected: `pulumi up` refuses" in lines(
        report(stack(deleted_bucket()))
    )


def test_a_dangerous_change_is_told_once() -> None:
    found = lines(report(stack(deleted_bucket())))
    assert sum("s3.Bucket" in line for line in found) == 1


def test_like_changes_are_told_together() -> None:
    found = lines(report(stack(*[changed_topic(f"t{number}") for number in range(9)])))
    assert "  ~ sns.Topic (9) t0, t1, t2, t3, t4, t5, and 3 more" in found
    assert sum("displayName" in line for line in found) == 1


def test_unlike_changes_are_told_apart() -> None:
    found = lines(report(stack(changed_topic("t0", new="x"), changed_topic("t1", new="y"))))
    assert sum("displayName" in line for line in found) == 2


def test_what_is_new_shows_its_inputs() -> None:
    added = ResourceChange(
        urn="urn::one",
        type=TOPIC,
        operation=Operation.ADDED,
        properties=(PropertyChange(path="name", kind="add", new="alarms"),),
    )
    assert lines(report(stack(added)))[-2:] == ["  + sns.Topic one", '      + name: "alarms"']


def test_of_a_whole_new_stack_names_are_enough() -> None:
    added = [
        ResourceChange(
            urn=f"urn::{number}",
            type=TOPIC,
            operation=Operation.ADDED,
            properties=(PropertyChange(path="name", kind="add", new=str(number)),),
        )
        for number in range(30)
    ]
    assert not [line for line in lines(report(stack(*added))) if "name:" in line]


def test_lost_protection_is_told() -> None:
    lost = ResourceChange(
        urn="urn::one", type=TOPIC, operation=Operation.CHANGED, protection="lost"
    )
    assert lines(report(stack(lost)))[-1] == "  ~ sns.Topic one: protection lost"


def test_outputs_that_go_are_told_with_their_stack() -> None:
    gone = PropertyChange(path="bucket", kind="delete", old="models")
    made = StackDiff(
        name="dev", presence="both", changes=Changes(changed=(), unchanged=7, outputs=(gone,))
    )
    assert lines(report(made))[-3:] == [
        "dev: 7 unchanged, 1 output",
        "  ~ outputs of the stack",
        '      - bucket: "models" → (none)',
    ]


def test_only_a_terminal_gets_colours() -> None:
    written = io.StringIO()
    as_text(report(stack(deleted_bucket())), Console(file=written, force_terminal=True))
    assert "\x1b[1;31m" in written.getvalue()
    assert "\x1b" not in "".join(lines(report(stack(deleted_bucket()))))
