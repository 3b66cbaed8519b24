"""What the engine plans for one resource, taken from its events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi.automation import EngineEvent, OpType, StepEventMetadata

from local.plugins.shared.values import SECRET_SIGNATURE, SIGNATURE_KEY, UNKNOWN_MARKERS

# As Pulumi shows them.
SECRET = "[secret]"
UNKNOWN = "[unknown]"
# No operation of the engine: the stack's own outputs, before and after.
OUTPUTS = "outputs"
_STACK = "pulumi:pulumi:Stack"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One event before a resource's operation.

    `diff` has the kind of each property's difference by its path, such as `update-replace`;
    `is_protected` and `is_retained` are those of the side that the resource goes to.
    """

    op: str
    urn: str
    type: str
    parent: str
    is_custom: bool
    is_protected: bool = False
    is_retained: bool = False
    old: Mapping[str, Any] = field(default_factory=dict)
    new: Mapping[str, Any] = field(default_factory=dict)
    diff: Mapping[str, str] = field(default_factory=dict)
    replace_keys: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]


def step_of(event: EngineEvent) -> Step | None:
    """The step that an event announces, None if it says something else."""
    after, before = event.res_outputs_event, event.resource_pre_event
    if after is not None and after.metadata.type == _STACK:
        return _outputs(after.metadata)
    if before is None:
        return None
    about = before.metadata
    state = about.new or about.old
    if state is None:
        return None
    same = about.op is OpType.SAME
    return Step(
        op=about.op.value,
        urn=about.urn,
        type=about.type,
        parent=state.parent or "",
        is_custom=bool(state.custom),
        is_protected=bool(state.protect),
        is_retained=bool(state.retain_on_delete),
        old={} if same or about.old is None else readable(about.old.inputs or {}),
        new={} if same or about.new is None else readable(about.new.inputs or {}),
        diff={path: each.diff_kind.value for path, each in (about.detailed_diff or {}).items()},
        replace_keys=tuple(about.keys or ()),
    )


def _outputs(about: StepEventMetadata) -> Step:
    """The engine tells them more than once; the last time is right."""
    return Step(
        op=OUTPUTS,
        urn=about.urn,
        type=about.type,
        parent="",
        is_custom=False,
        old=readable((about.old and about.old.outputs) or {}),
        new=readable((about.new and about.new.outputs) or {}),
    )


def readable(value: Any) -> Any:
    """A copy with a word in the place of each value that is secret, or unknown until the run."""
    if isinstance(value, Mapping):
        if value.get(SIGNATURE_KEY) == SECRET_SIGNATURE:
            return SECRET
        return {key: readable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [readable(item) for item in value]
    return UNKNOWN if isinstance(value, str) and value in UNKNOWN_MARKERS else value
