"""The stacks' two sides, one after the other: the base is brought up, the head planned on top."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local.concurrency import ConcurrentSteps, Task, concurrent_steps
from local.errors import LocalError
from local.paths import REPO
from local.preview_diff.changes import changes_of
from local.preview_diff.report import StackDiff
from local.preview_diff.stack_files import Document, StackFiles
from local.preview_diff.worker import Answer, Order, answer_of
from local.progress import Progress, Step
from local.shell import run


@dataclass(frozen=True, kw_only=True)
class Side:
    """A checkout, the interpreter with the packages that it asks for, and its name for messages."""

    name: str
    project: Path
    python: Path = field(default_factory=lambda: Path(sys.executable))


@dataclass(frozen=True, kw_only=True)
class BroughtUp:
    """What the base left: its state, empty where it had no such stack, and what it protects."""

    state: str = ""
    passphrase: str = ""
    protected: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """`folder` is scratch: states in it hold placeholders of secrets in plain text."""

    base: Side
    head: Side
    pulumi: Path
    folder: Path

    def of(self, stacks: Sequence[StackFiles], progress: Progress) -> list[StackDiff]:
        """As many stacks at once as there are cores. Raises `LocalError` naming side and stack.

        The base's own tools don't run: its program does, with the stand-ins of the head.
        """
        at_once = os.cpu_count() or 1
        planned: list[Task[StackDiff]] = []
        with concurrent_steps(progress) as steps:
            for index, stack in enumerate(stacks):
                before = planned[index - at_once : index - at_once + 1] if index >= at_once else []
                planned.append(self._start(stack, steps, before))
        return [task.result for task in planned]

    def bring_up(self, stack: StackFiles, step: Step) -> BroughtUp:
        """Makes the base's stack, with all pretended."""
        if stack.base is None:
            step.note("not there yet")
            return BroughtUp()
        made = BroughtUp(
            state=str(self.folder / f"{stack.label}.state.json"),
            passphrase=secrets.token_urlsafe(16),
        )
        answer = self._work("bring-up", self.base, stack, stack.base, made, step)
        return BroughtUp(state=made.state, passphrase=made.passphrase, protected=answer.protected)

    def plan(self, stack: StackFiles, before: BroughtUp, step: Step) -> StackDiff:
        """What the head would do to what the base left; the state stays as it is."""
        answer = self._work("plan", self.head, stack, stack.head, before, step)
        diff = StackDiff(
            name=stack.name,
            presence=stack.presence,
            changes=changes_of(answer.steps, before.protected),
        )
        step.note(diff.summary)
        return diff

    def _start(
        self, stack: StackFiles, steps: ConcurrentSteps, before: Sequence[Task[StackDiff]]
    ) -> Task[StackDiff]:
        base = steps.start(
            f"{stack.label} base",
            f"bringing up {self.base.name}",
            lambda step: self.bring_up(stack, step),
            after=before,
        )
        return steps.start(
            f"{stack.label} head",
            f"planning {self.head.name} on top",
            lambda step: self.plan(stack, base.result, step),
            after=[base],
        )

    def _work(
        self,
        operation: str,
        side: Side,
        stack: StackFiles,
        document: Document | None,
        before: BroughtUp,
        step: Step,
    ) -> Answer:
        """In a process of the side's own; without a document its program makes nothing."""
        described = side if document is not None else self.base  # the head may have no such project
        order = Order(
            operation=operation,
            project=str(described.project / stack.folder),
            is_empty=document is None,
            stack=stack.stack,
            document=document or {},
            pulumi=str(self.pulumi),
            folder=str(self.folder / f"{stack.label}-{operation}"),
            passphrase=before.passphrase,
            log=str(step.log),
            state=before.state,
        )
        file = self.folder / f"{stack.label}-{operation}.json"
        order.write(file)
        run(
            [side.python, "-m", "local.preview_diff.worker", file],
            log=step.log,
            env={"PYTHONPATH": str(REPO)},
            cwd=self.folder,
        )
        answer = Answer.read(answer_of(file))
        if answer.error:
            raise LocalError(f"{side.name}, stack {stack.name}: {answer.error}")
        return answer
