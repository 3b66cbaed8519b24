"""up and destroy of the stack `local`, with what the engine does shown as it happens."""

from __future__ import annotations

import re
import runpy
import secrets
import textwrap
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from pulumi import automation as auto
from pulumi.automation import EngineEvent, OpType

from local.engine.checkpoint import STACK
from local.engine.pending import settled
from local.engine.plugin import KubernetesPlugin, refuse_foreign_state
from local.engine.process import EngineProcess
from local.engine.recovery import mend_checkpoint, release_stale_locks, remove_half_written
from local.engine.workspace import API_KEYS, OBJECT_STORE_KEY, pulumi_environment
from local.errors import LocalError
from local.paths import PROJECT, REPO
from local.progress import say

_SIGNS = {
    OpType.CREATE: "+",
    OpType.UPDATE: "~",
    OpType.DELETE: "-",
    OpType.CREATE_REPLACEMENT: "+-",
    OpType.DELETE_REPLACED: "-+",
}

# How the Automation API words the end of a program by a signal.
_KILLED = re.compile(r"^ *code: -\d+$", re.M)


class LocalStack:
    """The stack `local` with its state below `engine`."""

    def __init__(
        self,
        engine: Path,
        work: Path,
        plugin: KubernetesPlugin,
        pulumi: Path,
        program: Callable[[], None] | None = None,
    ) -> None:
        self._process = EngineProcess(engine)
        self._process.write_launcher(pulumi)
        self._backend = engine / "backend"
        environment = pulumi_environment(engine, plugin, self._process.launcher)
        self._release_locks()
        self._stack = auto.create_or_select_stack(
            stack_name=STACK,
            project_name=PROJECT,
            program=program or _program,
            opts=auto.LocalWorkspaceOptions(
                work_dir=str(work), env_vars=environment, pulumi_command=self._process.command()
            ),
        )
        self._plugin = plugin

    @property
    def handle(self) -> auto.Stack:
        """Pulumi's own, for what stands on this stack."""
        return self._stack

    def up(self, log: Path) -> dict[str, int]:
        """Brings the stack to what the program says; returns how many resources per operation.

        Raises `LocalError` with the engine's diagnostics.
        """
        self._take_up()
        self._ensure_secrets()
        result = self._watched(log, lambda **watch: self._stack.up(color="never", **watch))
        return dict(result.summary.resource_changes or {})

    def set_secret(self, path: str, value: str) -> None:
        """As `pulumi config set --secret --path`: the stack file gets it encrypted."""
        self._stack.set_config(path, auto.ConfigValue(value, secret=True), path=True)

    def destroy(self, log: Path) -> None:
        """Deletes everything of the stack. Raises `LocalError` with the engine's diagnostics."""
        self._take_up()
        self._watched(log, lambda **watch: self._stack.destroy(color="never", **watch))

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs; secret ones are masked."""
        return {
            name: "[secret]" if output.secret else output.value
            for name, output in self._stack.outputs().items()
        }

    def _watched(self, log: Path, operation: Callable[..., Any]) -> Any:
        # Of the Automation API, for an engine that was killed: we say so in our own words.
        warnings.filterwarnings("ignore", "Error in event stream")
        with log.open("a") as sink:
            watch = _Watch(sink)
            try:
                with self._process.finishing():
                    return operation(on_output=watch.line, on_event=watch.event)
            except auto.CommandError as error:
                if _KILLED.search(str(error)):
                    raise LocalError(
                        "the engine was killed; run the same command again: it finds out what was "
                        f"done and goes on from there; log: {log}"
                    ) from error
                complaints = textwrap.indent("\n".join(watch.complaints or [str(error)]), "    ")
                raise LocalError(f"the engine reports:\n{complaints}\n  log: {log}") from error

    def _release_locks(self) -> None:
        for pid in release_stale_locks(self._backend, STACK, self._process):
            say(f"              released the lock of an engine that was killed (process {pid})")
        remove_half_written(self._backend)
        if mend_checkpoint(self._backend, STACK):
            say("              took the state before the last one, of which half is on disk")

    def _take_up(self) -> None:
        """The state as the last run left it.

        Operations that a killed engine left open are done again; what it made is taken over.
        Raises `LocalError` for a state that the other plugin made.
        """
        exported = self._stack.export_stack()
        refuse_foreign_state(self._plugin, {"deployment": exported.deployment})
        deployment, pending = settled(exported.deployment or {})
        for operation in pending:
            say(f"              a killed engine left open: {operation}")
        if pending:
            self._stack.import_stack(auto.Deployment(exported.version, deployment))

    def _ensure_secrets(self) -> None:
        """Made once; a copy of them stays in the stack file, encrypted."""
        config = self._stack.get_all_config()
        for key, path, default in (
            (API_KEYS, f"{API_KEYS}.local", "{}"),
            (OBJECT_STORE_KEY, OBJECT_STORE_KEY, ""),
        ):
            if key not in config or config[key].value == default:  # the project's
                self.set_secret(path, secrets.token_urlsafe(24))


class _Watch:
    """Shows each change on screen, keeps everything in the log and errors for the end."""

    def __init__(self, sink: TextIO) -> None:
        self._sink = sink
        self.complaints: list[str] = []

    def line(self, text: str) -> None:
        self._sink.write(text.rstrip("\n") + "\n")

    def event(self, event: EngineEvent) -> None:
        done = event.res_outputs_event
        if done is not None and done.metadata.op in _SIGNS:
            kind = done.metadata.type.rpartition(":")[2]
            name = done.metadata.urn.rpartition("::")[2]
            say(f"              {_SIGNS[done.metadata.op]} {kind} {name}")
        diagnostic = event.diagnostic_event
        if diagnostic is not None and diagnostic.severity in ("info", "warning", "error"):
            message = diagnostic.message.strip()
            if diagnostic.severity != "error":
                say(f"              {message}")
            elif not any(known in message for known in self.complaints):
                self.complaints.append(message)  # once, though program and engine both report it


def _program() -> None:
    """The same program that `pulumi up` runs: its folder is run as a script."""
    runpy.run_path(str(REPO / "infra"), run_name="__main__")
