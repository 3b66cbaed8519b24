"""The comparison of all stacks, and the one line that says what matters most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from local.preview_diff.changes import Changes, Operation, ResourceChange
from local.preview_diff.danger import ORDER
from local.preview_diff.revision import Base, Head
from local.preview_diff.stack_files import Presence

_SHOWN_NAMES = 3
_VERBS = {Operation.REPLACED: "replaces", Operation.DELETED: "deletes"}


@dataclass(frozen=True, kw_only=True)
class StackDiff:
    """What the head does to one stack."""

    name: str
    presence: Presence
    changes: Changes

    def of(self, operation: Operation) -> list[ResourceChange]:
        return [each for each in self.changes.changed if each.operation is operation]

    @property
    def dangerous(self) -> list[ResourceChange]:
        """In the order in which they are told."""
        found = [each for each in self.changes.changed if each.danger]
        return sorted(found, key=lambda each: ORDER.index(each.danger))

    @property
    def is_same(self) -> bool:
        return not self.changes.changed and not self.changes.outputs

    @property
    def title(self) -> str:
        """`dev (no longer there): 231 deleted, 0 unchanged; 14 dangerous`."""
        sides = {"base": " (no longer there)", "head": " (new)", "both": ""}
        dangerous = f"; {len(self.dangerous)} dangerous" if self.dangerous else ""
        return f"{self.name}{sides[self.presence]}: {self.summary}{dangerous}"

    @property
    def summary(self) -> str:
        """`2 added, 1 changed, 188 unchanged`."""
        counts = [(len(self.of(operation)), operation.value) for operation in Operation]
        parts = [f"{count} {what}" for count, what in counts if count]
        if self.is_same:
            return f"no change ({self.changes.unchanged} resources)"
        count = len(self.changes.outputs)
        outputs = [f"{count} output{'s' if count > 1 else ''}"] if count else []
        return ", ".join([*parts, f"{self.changes.unchanged} unchanged", *outputs])


@dataclass(frozen=True, kw_only=True)
class Report:
    """`notes` say what was assumed, and what a reader might take wrongly."""

    base: Base
    head: Head
    stacks: tuple[StackDiff, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_dangerous(self) -> bool:
        return any(stack.dangerous for stack in self.stacks)

    @property
    def headline(self) -> str:
        """The first thing to read."""
        if self.is_dangerous:
            told = [
                f"{stack.name} {_listed(_sentences(stack.dangerous))}"
                for stack in self.stacks
                if stack.dangerous
            ]
            return f"DANGEROUS: {'; '.join(told)}"
        told = [stack.title for stack in self.stacks]
        if all(stack.is_same for stack in self.stacks):
            return f"No change. {'; '.join(told)}"
        return f"Nothing dangerous. {'; '.join(told)}"


def _sentences(dangerous: Iterable[ResourceChange]) -> Iterator[str]:
    """`replaces 2 node groups (a, b)`, one for each kind and operation."""
    groups: dict[tuple[Operation, str], list[str]] = {}
    for each in dangerous:
        groups.setdefault((each.operation, each.danger), []).append(each.name)
    for operation in _VERBS:
        same = [(kind, names) for (of, kind), names in groups.items() if of is operation]
        for index, (kind, names) in enumerate(same):
            verb = "" if index else f"{_VERBS[operation]} "
            yield f"{verb}{_counted(len(names), kind)} ({_shortened(names)})"


def _counted(count: int, kind: str) -> str:
    if count == 1:
        return f"1 {kind}"
    noun, _, rest = kind.partition(" with ")  # stateful sets with volumes
    return f"{count} {noun}s{f' with {rest}' if rest else ''}"


def _shortened(names: list[str]) -> str:
    more = len(names) - _SHOWN_NAMES
    return ", ".join([*names[:_SHOWN_NAMES], *([f"and {more} more"] if more > 0 else [])])


def _listed(sentences: Iterable[str]) -> str:
    *first, last = sentences
    return f"{', '.join(first)} and {last}" if first else last
