"""One side of a comparison, in a process of its own: two revisions of a program can't share one.

`python -m local.preview_diff.worker ORDER`: a file that says what to do, and where to answer.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi import automation as auto
from pulumi.automation import EngineEvent

from local.engine.previewing import StandInPreview
from local.engine.stand_in_stack import program_in
from local.errors import LocalError
from local.files import write_if_changed
from local.preview_diff.steps import Step, step_of

_SKIP_CHECKPOINTS = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a process is to do; paths are texts, since it travels as JSON.

    is_empty: the side hasn't the stack, so that its program makes nothing of it.
    state: what the base left or is to leave, empty where it has no such stack; `passphrase` opens
    it.
    """

    operation: str  # "bring-up" or "plan"
    project: str
    is_empty: bool
    stack: str
    document: dict[str, Any]
    pulumi: str
    folder: str
    passphrase: str
    log: str
    state: str

    def write(self, file: Path) -> None:
        write_if_changed(file, json.dumps(dataclasses.asdict(self)), mode=0o600)

    @classmethod
    def read(cls, file: Path) -> Order:
        return cls(**json.loads(file.read_text()))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`error` is empty if all went well; `protected` are the URNs that the base protects."""

    error: str = ""
    protected: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    def write(self, file: Path) -> None:
        write_if_changed(file, json.dumps(dataclasses.asdict(self)), mode=0o600)

    @classmethod
    def read(cls, file: Path) -> Answer:
        document = json.loads(file.read_text())
        return cls(
            error=document["error"],
            protected=tuple(document["protected"]),
            steps=tuple(Step(**each) for each in document["steps"]),
        )


def answer_of(order: Path) -> Path:
    """Where a process writes its answer."""
    return order.with_suffix(".answer.json")


def bring_up(order: Order) -> Answer:
    """Makes the base's stack, with all pretended, and leaves its state."""
    made = _stack(order)
    made.up(Path(order.log))
    exported = made.stack.export_stack()
    deployment = dict(exported.deployment or {})
    protected = _without_guards(deployment)
    document = {"version": exported.version, "deployment": deployment}
    write_if_changed(Path(order.state), json.dumps(document), mode=0o600)
    return Answer(protected=protected)


def plan(order: Order) -> Answer:
    """What the head would do to the stack that the base left."""
    made = _stack(order)
    if order.state:
        state = json.loads(Path(order.state).read_text())
        made.stack.import_stack(auto.Deployment(state["version"], state["deployment"]))
    steps: list[Step] = []

    def hear(event: EngineEvent) -> None:
        step = step_of(event)
        if step is not None:
            steps.append(step)

    made.run(Path(order.log), hear=hear)
    return Answer(steps=tuple(steps))


def _without_guards(deployment: dict[str, Any]) -> tuple[str, ...]:
    """What the engine refuses to plan the end of is to be seen here; returns what was protected.

    Hooks are the program's, and one without the resource has no hook of it either.
    """
    resources = deployment.get("resources") or []
    for each in resources:
        each.pop("resourceHooks", None)
    return tuple(each["urn"] for each in resources if each.pop("protect", False))


def _stack(order: Order) -> StandInPreview:
    project = Path(order.project)
    passphrase = {"PULUMI_CONFIG_PASSPHRASE": order.passphrase} if order.passphrase else {}
    return StandInPreview(
        Path(order.folder),
        order.stack,
        Path(order.pulumi),
        order.document,
        _nothing if order.is_empty else program_in(project),
        project=project,
        environment={**passphrase, **_SKIP_CHECKPOINTS},
    )


def _nothing() -> None:
    """The program of a stack that is gone."""


_OPERATIONS: dict[str, Callable[[Order], Answer]] = {"bring-up": bring_up, "plan": plan}


def main(file: Path) -> None:
    order = Order.read(file)
    try:
        answer = _OPERATIONS[order.operation](order)
    except LocalError as error:
        answer = Answer(error=str(error))
    answer.write(answer_of(file))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
