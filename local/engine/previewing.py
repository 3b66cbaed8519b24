"""A preview of a stack in a folder of its own: nothing of the real stack is touched."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi import automation as auto
from pulumi.automation import EngineEvent, OpType

from local.engine.resource_tree import Planned
from local.engine.silence import CycleWatch
from local.engine.stand_in_stack import Program, make_stand_in_stack, whole_program
from local.errors import LocalError
from local.paths import REPO

Hear = Callable[[EngineEvent], None]

_SAYS_NOTHING = ("preview failed", "update failed")
# Of a plugin that was still starting when the engine gave up, for another reason.
_INTERRUPTED = "exited prematurely"


@dataclass
class Outcome:
    """What a preview said."""

    planned: list[Planned] = field(default_factory=list)
    operations: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class StandInPreview:
    """Of a stack with plugins that stand in for the genuine ones.

    It isn't there yet, unless `up` made it, or a state was imported into `stack`.
    """

    def __init__(
        self,
        folder: Path,
        stack: str,
        pulumi: Path,
        document: dict[str, Any],
        program: Program | None = None,
        silence_seconds: float | None = None,
        *,
        project: Path = REPO,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """`document` is the stack file's content; `folder` is made anew.

        `project` and `environment` as `make_stand_in_stack` takes them.
        """
        self._watch = CycleWatch(
            program or whole_program,
            **({"silence_seconds": silence_seconds} if silence_seconds else {}),
        )
        made = make_stand_in_stack(
            folder, stack, pulumi, document, self._watch.run, environment, project
        )
        self._process, self.stack = made.process, made.stack

    def run(
        self, log: Path, policy_packs: Sequence[Path] = (), hear: Hear | None = None
    ) -> Outcome:
        """Previews; `hear` is told each event.

        Raises `LocalError` with the engine's and the program's complaints.
        """
        packs = [str(pack) for pack in policy_packs] or None
        outcome = Outcome()
        result = self._watched(
            lambda **watch: self.stack.preview(color="never", policy_packs=packs, **watch),
            outcome,
            log,
            hear,
        )
        outcome.operations = {_plain(key): count for key, count in result.change_summary.items()}
        return outcome

    def up(self, log: Path) -> Outcome:
        """Brings the stack up, with all pretended. Raises `LocalError` as `run` does."""
        outcome = Outcome()
        self._watched(lambda **watch: self.stack.up(color="never", **watch), outcome, log)
        return outcome

    def _watched(
        self, operation: Callable[..., Any], outcome: Outcome, log: Path, hear: Hear | None = None
    ) -> Any:
        def event(happened: EngineEvent) -> None:
            _take(happened, outcome)
            before = happened.resource_pre_event
            self._watch.heard(before.metadata.urn if before else "")
            if hear is not None:
                hear(happened)

        with log.open("a") as sink:
            try:
                with self._process.finishing():
                    return operation(
                        on_output=lambda text: print(text.rstrip("\n"), file=sink),
                        on_event=event,
                    )
            except auto.CommandError as error:
                raise LocalError(self._complaint(outcome, error, log)) from error
            finally:
                self._watch.end()

    def _complaint(self, outcome: Outcome, error: Exception, log: Path) -> str:
        if self._watch.waiting:
            waiting = textwrap.indent("\n".join(self._watch.waiting), "    ")
            return (
                "the program waits for itself: an input of one of these resources depends on its "
                f"own outputs, and the others are behind it:\n{waiting}\n  log: {log}"
            )
        complaints = textwrap.indent("\n".join(outcome.errors or [str(error)]), "    ")
        return f"the preview fails:\n{complaints}\n  log: {log}"


def _take(event: EngineEvent, outcome: Outcome) -> None:
    """Keeps what will be shown at the end."""
    before = event.resource_pre_event
    if before is not None and before.metadata.op is not OpType.DELETE:
        new = before.metadata.new
        if new is not None:
            outcome.planned.append(
                Planned(new.urn, new.type, new.parent or "", is_component=not new.custom)
            )
    said = event.diagnostic_event
    if said is not None:
        _keep(said.severity, said.message.strip(), outcome)
    violated = event.policy_event
    if violated is not None:
        text = f"policy {violated.policy_name}: {violated.message.strip()}"
        severity = "error" if violated.enforcement_level == "mandatory" else "warning"
        _keep(severity, text, outcome)


def _keep(severity: str, message: str, outcome: Outcome) -> None:
    kept = {"error": outcome.errors, "warning": outcome.warnings}.get(severity)
    if kept is None or message in _SAYS_NOTHING or _INTERRUPTED in message:
        return
    # Program and engine both report the same.
    if not any(message in known or known in message for known in kept):
        kept.append(message)


def _plain(operation: Any) -> str:
    return str(getattr(operation, "value", operation))
