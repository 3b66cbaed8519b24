"""A Pulumi project driven by the genuine engine, as a test sees it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import pulumi_kubernetes as k8s
from pulumi import automation as auto

Program = Callable[[], None]


@dataclass
class Workspace:
    """A Pulumi project with a file backend of its own; every operation runs the real CLI."""

    folder: Path
    kubeconfig: Path
    namespace: str
    environment: dict[str, str]
    log: list[str] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    _stack: auto.Stack | None = None

    def stack(self, program: Program) -> auto.Stack:
        """The stack, made on first use; each selecting of it costs a run of the CLI."""
        if self._stack is None:
            self._stack = self._make_stack(program)
        self._stack.workspace.program = program
        return self._stack

    def up(self, program: Program) -> dict[str, int]:
        """Counts of what was done: {"create": 2, "same": 1}."""
        result = self.stack(program).up(on_output=self.log.append)
        self.outputs = {name: item.value for name, item in result.outputs.items()}
        return _counts(result.summary.resource_changes)

    def preview(self, program: Program) -> dict[str, int]:
        result = self.stack(program).preview(on_output=self.log.append)
        return _counts(result.change_summary)

    def refresh(self) -> dict[str, int]:
        result = self.stack(_nothing).refresh(on_output=self.log.append)
        return _counts(result.summary.resource_changes)

    def destroy(self, program: Program | None = None) -> None:
        """With a program it runs, for its hooks."""
        stack = self.stack(program or _nothing)
        stack.destroy(on_output=self.log.append, run_program=program is not None)

    def state(self) -> dict[str, Any]:
        """The state as the backend keeps it, secrets encrypted."""
        file = self.folder / "backend" / ".pulumi" / "stacks" / "engine-tests" / "test.json"
        document: dict[str, Any] = json.loads(file.read_text())["checkpoint"]["latest"]
        return document

    def resource(self, name: str) -> dict[str, Any]:
        """One resource of the state, by its name in the program."""
        for item in self.state()["resources"]:
            if item["urn"].endswith(f"::{name}"):
                found: dict[str, Any] = item
                return found
        raise KeyError(name)

    def provider(self, **arguments: Any) -> k8s.Provider:
        """The program's provider; call it inside the program."""
        return k8s.Provider(
            "cluster", kubeconfig=self.kubeconfig.read_text(), namespace=self.namespace, **arguments
        )

    def options(self, **arguments: Any) -> pulumi.ResourceOptions:
        """Options of a resource on the test cluster; call it inside the program."""
        return pulumi.ResourceOptions(provider=self.provider(), **arguments)

    def shown(self) -> str:
        """All that the engine printed so far."""
        return "\n".join(self.log)

    def _make_stack(self, program: Program) -> auto.Stack:
        settings = auto.ProjectSettings(
            name="engine-tests",
            runtime="python",
            backend=auto.ProjectBackend(url=f"file://{self.folder / 'backend'}"),
        )
        options = auto.LocalWorkspaceOptions(
            work_dir=str(self.folder / "project"),
            pulumi_home=str(self.folder / "home"),
            env_vars=self.environment,
            project_settings=settings,
        )
        return auto.create_stack(
            stack_name="test", project_name="engine-tests", program=program, opts=options
        )


def _nothing() -> None:
    """A program without resources: refresh and destroy work on the state alone."""


def _counts(changes: Mapping[auto.OpType, int] | None) -> dict[str, int]:
    return {str(getattr(kind, "value", kind)): number for kind, number in (changes or {}).items()}
