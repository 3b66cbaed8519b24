"""For programs: a JSON document, held to `schema.json` beside this file."""

from __future__ import annotations

from typing import Any

from local.preview_diff.changes import Operation, ResourceChange
from local.preview_diff.property_values import PropertyChange
from local.preview_diff.report import Report, StackDiff

FORMAT = 1  # counted up when a reader of the old one would go wrong


def as_document(report: Report) -> dict[str, Any]:
    """The whole report; nothing is cut."""
    return {
        "format": FORMAT,
        "dangerous": report.is_dangerous,
        "headline": report.headline,
        "base": {"revision": report.base.revision, "commit": report.base.commit},
        "head": {"commit": report.head.commit, "edited": report.head.is_edited},
        "notes": list(report.notes),
        "stacks": [_stack(stack) for stack in report.stacks],
    }


def _stack(stack: StackDiff) -> dict[str, Any]:
    counts = {operation.value: len(stack.of(operation)) for operation in Operation}
    return {
        "name": stack.name,
        "presence": stack.presence,
        "counts": counts | {"unchanged": stack.changes.unchanged},
        "changes": [_change(each) for each in stack.changes.changed],
        "outputs": [_property(each) for each in stack.changes.outputs],
    }


def _change(change: ResourceChange) -> dict[str, Any]:
    return {
        "urn": change.urn,
        "type": change.type,
        "name": change.name,
        "operation": change.operation.value,
        "danger": change.danger or None,
        "order": change.order.value if change.order else None,
        "wasProtected": change.was_protected,
        "protection": change.protection or None,
        "retained": change.is_retained,
        "properties": [_property(each) for each in change.properties],
    }


def _property(change: PropertyChange) -> dict[str, Any]:
    return {
        "path": change.path,
        "kind": change.kind,
        "old": change.old,
        "new": change.new,
        "replaces": change.replaces,
    }
