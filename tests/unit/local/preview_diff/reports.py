"""Changes and reports to show, made in short words."""

from __future__ import annotations

from typing import Any

from local.preview_diff.changes import Changes, Operation, Order, ResourceChange, changes_of
from local.preview_diff.property_values import PropertyChange
from local.preview_diff.report import Report, StackDiff
from local.preview_diff.revision import Base, Head
from local.preview_diff.stack_files import Presence
from local.preview_diff.steps import Step

NODES = "aws:eks/nodeGroup:NodeGroup"
BUCKET = "aws:s3/bucket:Bucket"
TOPIC = "aws:sns/topic:Topic"
PREFIX = "urn:pulumi:dev::image-serving::"


def step(op: str, type_name: str = TOPIC, name: str = "one", **said: Any) -> Step:
    """As the engine announces it; old and new inputs as they matter to the operation."""
    return Step(
        op=op,
        urn=f"{PREFIX}{type_name}::{name}",
        type=type_name,
        parent="",
        is_custom=said.pop("is_custom", True),
        **said,
    )


def change(steps: list[Step], protected: tuple[str, ...] = ()) -> ResourceChange:
    """The only change that these steps make."""
    [found] = changes_of(steps, protected).changed
    return found


def replaced_nodes(name: str = "gpu") -> ResourceChange:
    return ResourceChange(
        urn=f"{PREFIX}{NODES}::{name}",
        type=NODES,
        operation=Operation.REPLACED,
        properties=(
            PropertyChange(
                path="instanceTypes[0]",
                kind="update",
                old="g5.xlarge",
                new="g6.xlarge",
                replaces=True,
            ),
        ),
        order=Order.NEW_FIRST,
        danger="node group",
    )


def deleted_bucket(name: str = "models") -> ResourceChange:
    return ResourceChange(
        urn=f"{PREFIX}{BUCKET}::{name}",
        type=BUCKET,
        operation=Operation.DELETED,
        danger="bucket",
        was_protected=True,
    )


def changed_topic(name: str = "alarms", old: Any = "a", new: Any = "b") -> ResourceChange:
    return ResourceChange(
        urn=f"{PREFIX}{TOPIC}::{name}",
        type=TOPIC,
        operation=Operation.CHANGED,
        properties=(PropertyChange(path="displayName", kind="update", old=old, new=new),),
    )


def stack(
    *changed: ResourceChange, name: str = "dev", unchanged: int = 7, presence: Presence = "both"
) -> StackDiff:
    return StackDiff(name=name, presence=presence, changes=Changes(changed, unchanged))


def report(*stacks: StackDiff, notes: tuple[str, ...] = ()) -> Report:
    return Report(
        base=Base(revision="main", commit="a" * 40, missing=0),
        head=Head(commit="b" * 40, is_edited=True),
        stacks=stacks,
        notes=notes,
    )
