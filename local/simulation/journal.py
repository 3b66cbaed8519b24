"""What the engine did, in its order: the events of one operation on a stack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pulumi.automation import EngineEvent, OpType

Match = Callable[["Deed"], bool]

_ROOT = "pulumi:pulumi:Stack"
_REPLACING = (
    OpType.REPLACE,
    OpType.CREATE_REPLACEMENT,
    OpType.DELETE_REPLACED,
    OpType.DISCARD_REPLACED,
)


@dataclass
class Deed:
    """One operation on one resource; `began` and `ended` are places among all events."""

    urn: str
    type: str
    op: OpType
    began: int
    ended: int | None = None

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]

    @property
    def is_component(self) -> bool:
        """Of our own or of pulumi-eks: it stands for its children alone."""
        return self.type.startswith(("serving:", "eks:")) or self.type == _ROOT

    def __str__(self) -> str:
        return f"{self.type.rpartition(':')[2]} {self.name}"


@dataclass
class Journal:
    """Of one up or destroy."""

    deeds: list[Deed] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)  # by operation, as the engine sums up
    _events: int = 0

    def hear(self, event: EngineEvent) -> None:
        """Writes an event down."""
        self._events += 1
        if event.summary_event is not None:
            summed_up = event.summary_event.resource_changes  # by names, not `OpType` as declared
            self.counts = {str(operation): count for operation, count in summed_up.items()}
        before, after = event.resource_pre_event, event.res_outputs_event
        if before is not None:
            about = before.metadata
            self.deeds.append(Deed(about.urn, about.type, about.op, self._events))
        if after is not None:
            for deed in reversed(self.deeds):
                if (deed.urn, deed.op) == (after.metadata.urn, after.metadata.op):
                    deed.ended = self._events
                    break
        diagnostic = event.diagnostic_event
        if diagnostic is not None and diagnostic.severity in ("info", "warning", "error"):
            kept = self.errors if diagnostic.severity == "error" else self.messages
            if diagnostic.message.strip() not in kept:
                kept.append(diagnostic.message.strip())

    def of(self, *ops: OpType, components: bool = False) -> list[Deed]:
        """The deeds of these kinds, in their order; on components only if asked for."""
        return [
            deed for deed in self.deeds if deed.op in ops and (components or not deed.is_component)
        ]

    @property
    def replaced(self) -> list[Deed]:
        """What was made anew, each once."""
        return list({deed.urn: deed for deed in self.of(*_REPLACING)}.values())

    @property
    def changed(self) -> list[Deed]:
        """What was made, changed or deleted."""
        return [deed for deed in self.of(*OpType) if deed.op is not OpType.SAME]


def early(first: list[Deed], then: list[Deed]) -> Iterator[tuple[Deed, Deed]]:
    """The pairs of which the second one began before the first one had ended."""
    for earlier in first:
        for later in then:
            if earlier.ended is None or later.began < earlier.ended:
                yield earlier, later
