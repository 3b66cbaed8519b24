"""From the engine's steps to what a reviewer asks: which resources change, how, and why."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.plugins.shared.comparison import changes, render_path
from local.preview_diff.danger import dangerous_kind
from local.preview_diff.property_values import PropertyChange, parse_path, value_at
from local.preview_diff.steps import OUTPUTS, Step

_REPLACES = "-replace"


class Operation(enum.StrEnum):
    """What becomes of a resource."""

    ADDED = "added"
    CHANGED = "changed"
    REPLACED = "replaced"
    DELETED = "deleted"


class Order(enum.StrEnum):
    """Which one of the two that a replacement is about comes first."""

    NEW_FIRST = "new first"
    OLD_FIRST = "old first"


# Of the engine; a replacement has steps for its two halves beside the one that says why.
_OPERATIONS = {
    "create": Operation.ADDED,
    "import": Operation.ADDED,
    "update": Operation.CHANGED,
    "replace": Operation.REPLACED,
    "delete": Operation.DELETED,
}


@dataclass(frozen=True, kw_only=True)
class ResourceChange:
    """`danger` is what the resource is called if the change is dangerous, else "".

    `protection` is "lost" or "given" where the program's `protect` changes, else "".
    """

    urn: str
    type: str
    operation: Operation
    properties: tuple[PropertyChange, ...] = ()
    order: Order | None = None
    danger: str = ""
    was_protected: bool = False
    is_retained: bool = False
    protection: str = ""

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]

    @property
    def reasons(self) -> list[str]:
        """The properties for which it is replaced; none where another resource is the reason."""
        found = [each.path.partition("[")[0] for each in self.properties if each.replaces]
        return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Changes:
    """Of one stack; `unchanged` counts resources, components and the stack itself left out.

    `outputs` are those of the stack, on which others build.
    """

    changed: tuple[ResourceChange, ...] = ()
    unchanged: int = 0
    outputs: tuple[PropertyChange, ...] = ()


def changes_of(steps: Iterable[Step], protected: Iterable[str]) -> Changes:
    """`protected` are the URNs that the base protects."""
    told = list(steps)
    custom = [step for step in told if step.is_custom]
    outputs = [step for step in told if step.op == OUTPUTS][-1:]
    guarded = frozenset(protected)
    orders = _orders(custom)
    changed: list[ResourceChange] = []
    unchanged = 0
    for step in custom:
        change = _change(step, guarded, orders)
        if change is not None:
            changed.append(change)
        elif step.op == "same":
            unchanged += 1
    return Changes(
        changed=tuple(sorted(changed, key=lambda each: (each.type, each.name))),
        unchanged=unchanged,
        outputs=tuple(each for step in outputs for each in _properties(step)),
    )


def _change(
    step: Step, protected: frozenset[str], orders: Mapping[str, Order]
) -> ResourceChange | None:
    was_protected = step.urn in protected
    protection = _protection(step, was_protected)
    operation = _OPERATIONS.get(step.op)
    if step.op == "same" and protection:
        operation = Operation.CHANGED
    if operation is None:
        return None
    ends = operation in (Operation.REPLACED, Operation.DELETED)
    return ResourceChange(
        urn=step.urn,
        type=step.type,
        operation=operation,
        properties=tuple(_properties(step)) if step.new and step.op != "same" else (),
        order=orders.get(step.urn) if operation is Operation.REPLACED else None,
        danger=dangerous_kind(step.type, step.old, is_protected=was_protected) if ends else "",
        was_protected=was_protected,
        is_retained=ends and step.is_retained,
        protection=protection,
    )


def _protection(step: Step, was_protected: bool) -> str:
    if step.op not in ("same", "update", "replace") or step.is_protected == was_protected:
        return ""
    return "given" if step.is_protected else "lost"


def _orders(steps: Iterable[Step]) -> dict[str, Order]:
    """The half that the engine announces first; the other one comes later in the same run."""
    halves = {"create-replacement": Order.NEW_FIRST, "delete-replaced": Order.OLD_FIRST}
    found: dict[str, Order] = {}
    for step in steps:
        if step.op in halves:
            found.setdefault(step.urn, halves[step.op])
    return found


def _properties(step: Step) -> Iterator[PropertyChange]:
    """As the plugin compared them; else, as with providers, the inputs that differ."""
    if step.diff:
        for text, kind in sorted(step.diff.items(), key=lambda item: parse_path(item[0])[:1]):
            yield _property(step, text, kind)
        return
    old, new = _own(step.old), _own(step.new)
    for path, kind_of_change in changes(old, new):
        text = render_path(path)
        yield _property(step, text, kind_of_change.value, text.split("[")[0] in step.replace_keys)


def _property(step: Step, text: str, kind: str, replaces: bool = False) -> PropertyChange:
    path = parse_path(text)
    return PropertyChange(
        path=text,
        kind=kind.removesuffix(_REPLACES),
        old=value_at(step.old, path),
        new=value_at(step.new, path),
        replaces=replaces or kind.endswith(_REPLACES),
    )


def _own(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Without what plugins and engine note for themselves."""
    return {name: value for name, value in inputs.items() if not name.startswith("__")}
