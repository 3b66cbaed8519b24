"""The bootstrap in an account: made with its state on this machine, which moves into the bucket.

Run again it goes on from wherever it was, and changes nothing that is as it should be.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from pulumi import automation as auto
from pulumi.automation import OpType

from local.engine.process import EngineProcess
from local.errors import LocalError
from local.files import write_if_changed
from local.progress import Progress
from local.shared_state.moving import is_empty, move
from local.shared_state.place import Place
from local.shared_state.program import PROJECT, program
from local.simulation.journal import Journal
from local.simulation.stack import journaled

# Asked with what a preview counts, by operation; raises `LocalError` if it isn't wanted.
Confirm = Callable[[Mapping[str, int]], None]


@dataclass(frozen=True)
class AccountBootstrap:
    """work: the folder of Pulumi.yaml and stack files, which Pulumi writes its key into.

    home: where the state is at first. place: where it goes. environment: for engine and plugins.
    policy_pack: None leaves the policies out.
    """

    stack: str
    work: Path
    home: Path
    place: Place
    pulumi: Path
    environment: Mapping[str, str]
    confirm: Confirm
    policy_pack: Path | None = None

    def run(self, progress: Progress) -> dict[str, Any]:
        """The outputs. Raises `LocalError` with the engine's diagnostics, or when not confirmed."""
        self._process.write_launcher(self.pulumi)
        shared = self._open(self.place) if self._says_that_it_moved() else None
        if shared is None or is_empty(shared):
            first = self._open(Place(f"file://{self._at_first}", "passphrase"))
            self._apply(first, progress)
            shared = shared or self._open(self.place)
            with progress.step("move", f"the state, to {self.place.url}") as step:
                move(first, shared)
                self._expect_unchanged(shared, step.log)
                self._marker.touch()
                step.note("nothing changes from there")
        else:
            self._apply(shared, progress)
        return {name: output.value for name, output in shared.outputs().items()}

    @property
    def _process(self) -> EngineProcess:
        return EngineProcess(self.home)

    @property
    def _at_first(self) -> Path:
        return self.home / "backend"

    @property
    def _marker(self) -> Path:
        return self.home / "moved"

    def _says_that_it_moved(self) -> bool:
        """This machine, or the stack file: it names the key since the stack is in the bucket."""
        document = yaml.safe_load((self.work / f"Pulumi.{self.stack}.yaml").read_text())
        return self._marker.exists() or "secretsprovider" in document

    def _open(self, place: Place) -> auto.Stack:
        passphrase = self.home / "passphrase"
        self._at_first.mkdir(parents=True, exist_ok=True)
        if not passphrase.exists():
            write_if_changed(passphrase, secrets.token_urlsafe(32), mode=0o600)
        variables = {
            "PULUMI_BACKEND_URL": place.url,
            "PULUMI_CONFIG_PASSPHRASE_FILE": str(passphrase),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            **self.environment,
        }
        return auto.create_or_select_stack(
            stack_name=self.stack,
            project_name=PROJECT,
            program=program,
            opts=auto.LocalWorkspaceOptions(
                work_dir=str(self.work),
                env_vars=variables,
                secrets_provider=place.secrets_provider,
                pulumi_command=self._process.command(),
            ),
        )

    def _apply(self, stack: auto.Stack, progress: Progress) -> None:
        with progress.step("preview", "what is to be done") as step:
            changes = self._changes(stack, step.log)
        if not changes:
            return
        self.confirm(changes)
        with progress.step("up", "bucket, keys and roles") as step:
            journal = self._run(stack.up, step.log)
            step.note(f"{len(journal.changed)} changed")

    def _expect_unchanged(self, stack: auto.Stack, log: Path) -> None:
        changes = self._changes(stack, log)
        if changes:
            raise LocalError(f"the state was moved, and a preview from there would do: {changes}")

    def _changes(self, stack: auto.Stack, log: Path) -> dict[str, int]:
        """How many resources would be made, changed or deleted, by operation."""
        packs = [str(self.policy_pack)] if self.policy_pack else None
        journal = self._run(partial(stack.preview, policy_packs=packs), log)
        return {name: count for name, count in journal.counts.items() if name != OpType.SAME}

    def _run(self, operation: Callable[..., Any], log: Path) -> Journal:
        return journaled(self._process, lambda **watch: operation(color="never", **watch), log)
