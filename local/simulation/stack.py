"""up and destroy of a simulated stack, with what the engine does written down."""

from __future__ import annotations

import json
import shlex
import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pulumi import automation as auto

from local.engine.process import EngineProcess
from local.engine.stack_secrets import set_placeholders, without_secrets
from local.engine.stand_in_stack import make_stand_in_stack, whole_program
from local.errors import LocalError
from local.files import write_if_changed
from local.kubectl import Kubectl
from local.paths import REPO
from local.plugins.shared.mode import IMAGES, KUBECONFIG
from local.shell import first_on_path
from local.simulation.graph import Graph
from local.simulation.journal import Journal
from local.simulation.settings import Document


class SimulatedStack:
    """`folder` is made anew. `images` are references on the cluster by their repository's name."""

    def __init__(
        self,
        folder: Path,
        name: str,
        document: Document,
        *,
        pulumi: Path,
        kubectl: Kubectl,
        images: Mapping[str, str],
        log: Path,
    ) -> None:
        self._folder = folder
        made = make_stand_in_stack(
            folder,
            name,
            pulumi,
            document,
            whole_program,
            {KUBECONFIG: str(kubectl.kubeconfig), IMAGES: str(folder / "images.json")},
        )
        (folder / "images.json").write_text(json.dumps(dict(images)))
        self._stack, self._process, self._file = made.stack, made.process, made.file
        self._log = log
        self._looks = folder / "looks.log"
        self._programs = folder / "programs"
        self._write_kubectl(kubectl.program)

    @property
    def folder(self) -> Path:
        """Of its engine."""
        return self._folder

    def outputs(self) -> dict[str, Any]:
        """As `pulumi stack output` has them, secret ones included."""
        return {name: output.value for name, output in self._stack.outputs().items()}

    @property
    def handle(self) -> auto.Stack:
        """Pulumi's own, for what stands on this stack."""
        return self._stack

    def up(self, document: Document) -> Journal:
        """Raises `LocalError` with the engine's diagnostics."""
        write_if_changed(self._file, self._with_salt(document), mode=0o600)
        set_placeholders(self._stack, document)
        return self._run(lambda **watch: self._stack.up(color="never", **watch))

    def destroy(self) -> Journal:
        """With the program, whose hook waits for the volumes. Raises `LocalError`."""
        return self._run(
            lambda **watch: self._stack.destroy(color="never", run_program=True, **watch)
        )

    def in_state(self) -> list[str]:
        """What Pulumi still knows of."""
        return [str(resource["urn"]) for resource in self._resources()]

    def graph(self) -> Graph:
        """What depends on what."""
        return Graph(self._resources())

    def looks(self) -> list[int]:
        """How many volumes were on their way out at each look of the program's hook."""
        return [int(line) for line in self._looks.read_text().split()]

    def _resources(self) -> list[dict[str, Any]]:
        deployment = self._stack.export_stack().deployment or {}
        return deployment.get("resources") or []

    def _run(self, operation: Callable[..., Any]) -> Journal:
        # Where the program looks its kubectl up, as everybody's.
        with first_on_path(self._programs):
            return journaled(self._process, operation, self._log)

    def _with_salt(self, document: Document) -> str:
        """The salt was made with the stack, and belongs to its passphrase."""
        earlier = yaml.safe_load(self._file.read_text())
        kept = {key: earlier[key] for key in ("encryptionsalt",) if key in earlier}
        return yaml.safe_dump(kept | without_secrets(document))

    def _write_kubectl(self, program: Path) -> None:
        self._looks.touch()
        command = shlex.join(
            [sys.executable, "-m", "local.simulation.kubectl", str(self._looks), str(program)]
        )
        script = f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(REPO))} exec {command} "$@"\n'
        write_if_changed(self._programs / "kubectl", script, mode=0o755)


def journaled(process: EngineProcess, operation: Callable[..., Any], log: Path) -> Journal:
    """Runs one operation of the Automation API. Raises `LocalError` with the diagnostics."""
    journal = Journal()
    with log.open("a") as sink:
        try:
            with process.finishing():
                operation(
                    on_output=lambda text: print(text.rstrip("\n"), file=sink),
                    on_event=journal.hear,
                )
        except auto.CommandError as error:
            complaints = textwrap.indent("\n".join(journal.errors or [str(error)]), "    ")
            raise LocalError(f"the engine reports:\n{complaints}\n  log: {log}") from error
    return journal
