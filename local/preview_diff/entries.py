"""Changes as lines, the same for terminals and comments: like ones are told once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from local.engine.resource_tree import short_type
from local.preview_diff.changes import Operation, Order, ResourceChange
from local.preview_diff.property_values import (
    GONE,
    PropertyChange,
    edited_lines,
    expanded,
    shown,
)

SIGNS: Final = {
    Operation.ADDED: "+",
    Operation.CHANGED: "~",
    Operation.REPLACED: "±",
    Operation.DELETED: "-",
}
_MAX_NAMES: Final = 6
_MAX_PROPERTIES: Final = 12
# Of more than so many new resources, as in a new stack, the names have to do.
_MAX_ADDED_IN_FULL: Final = 20
_KIND_SIGNS: Final = {"add": "+", "delete": "-", "update": "~"}
_ORDERS: Final = {
    Order.NEW_FIRST: "the new one comes before the old one goes",
    Order.OLD_FIRST: "the old one goes before the new one comes",
}


@dataclass(frozen=True)
class Line:
    """`sign` says what happens: + ~ ± - or none."""

    sign: str
    text: str
    depth: int = 0


def lines_of(changes: Sequence[ResourceChange]) -> Iterator[Line]:
    """All changes of a stack, each with its properties."""
    added = sum(each.operation is Operation.ADDED for each in changes)
    for group in _groups(changes):
        first = group[0]
        yield Line(SIGNS[first.operation], _title(group))
        if first.operation is not Operation.ADDED or added <= _MAX_ADDED_IN_FULL:
            yield from _property_lines(first)


def lines_of_outputs(outputs: Sequence[PropertyChange]) -> Iterator[Line]:
    """What others read of the stack."""
    if outputs:
        yield Line("~", "outputs of the stack")
    for each in outputs:
        for inner in expanded(each):
            yield from _lines_of_property(inner, is_new=False)


def _groups(changes: Iterable[ResourceChange]) -> list[list[ResourceChange]]:
    """Those that differ by their names alone, together."""
    groups: dict[tuple[object, ...], list[ResourceChange]] = {}
    for each in changes:
        key = (
            *(each.type, each.operation, each.order, each.danger),
            *(each.was_protected, each.is_retained, each.protection),
            tuple(repr(property_change) for property_change in each.properties),
        )
        groups.setdefault(key, []).append(each)
    return list(groups.values())


def _title(group: Sequence[ResourceChange]) -> str:
    first = group[0]
    names = [each.name for each in group]
    more = len(names) - _MAX_NAMES
    told = ", ".join([*names[:_MAX_NAMES], *([f"and {more} more"] if more > 0 else [])])
    times = f" ({len(group)})" if len(group) > 1 else ""
    remarks = "; ".join(_remarks(first))
    return f"{short_type(first.type)}{times} {told}{f': {remarks}' if remarks else ''}"


def _remarks(change: ResourceChange) -> Iterator[str]:
    if change.operation is Operation.REPLACED:
        yield (
            f"replaced because of {', '.join(change.reasons)}"
            if change.reasons
            else "replaced with something that it depends on"
        )
    if change.operation is Operation.DELETED:
        yield "deleted"
    if change.order is not None:
        yield _ORDERS[change.order]
    if change.is_retained:
        yield "Pulumi forgets the old one and lets it be (retainOnDelete)"
    if change.danger and change.was_protected:
        yield "it is protected: `pulumi up` refuses"
    if change.protection:
        yield f"protection {change.protection}"
    if change.operation is Operation.CHANGED and not change.properties and not change.protection:
        yield "in a way that isn't shown"


def _property_lines(change: ResourceChange) -> Iterator[Line]:
    properties = [inner for each in change.properties for inner in expanded(each)]
    for each in properties[:_MAX_PROPERTIES]:
        yield from _lines_of_property(each, is_new=change.operation is Operation.ADDED)
    more = len(properties) - _MAX_PROPERTIES
    if more > 0:
        yield Line("", f"… and {more} more", 1)


def _lines_of_property(change: PropertyChange, *, is_new: bool) -> Iterator[Line]:
    sign = _KIND_SIGNS[change.kind]
    forces = "  (replaces)" if change.replaces else ""
    edited = edited_lines(change.old, change.new)
    if edited is not None:
        yield Line(sign, f"{change.path}:{forces}", 1)
        for line in edited[:_MAX_PROPERTIES]:
            yield Line(line[0], line[2:], 2)
        if len(edited) > _MAX_PROPERTIES:
            yield Line("", f"… and {len(edited) - _MAX_PROPERTIES} more lines", 2)
    elif is_new:
        yield Line(sign, f"{change.path}: {shown(change.new)}", 1)
    else:
        old = GONE if change.kind == "add" else shown(change.old)
        new = GONE if change.kind == "delete" else shown(change.new)
        yield Line(sign, f"{change.path}: {old} → {new}{forces}", 1)
