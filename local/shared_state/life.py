"""The life of a bootstrap with AWS pretended: made, moved into what it made, read, and ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import yaml
from pulumi import automation as auto

from local.engine.stand_in_stack import StandInStack, make_stand_in_stack
from local.errors import LocalError
from local.progress import Progress
from local.shared_state.moving import move
from local.shared_state.program import FOLDER, PROJECT, program, unprotected
from local.simulation.findings import Findings
from local.simulation.journal import Journal
from local.simulation.stack import journaled

_READER = "another-team"
_READ = "deploy_role_arns"


@dataclass(frozen=True)
class BootstrapLife:
    """folder: made anew. policy_pack: None leaves the policies out."""

    folder: Path
    stack: str
    document: dict[str, Any]
    pulumi: Path
    policy_pack: Path | None = None

    def run(self, progress: Progress) -> Findings:
        """From nothing to nothing. Raises `LocalError` when the engine itself fails."""
        findings = Findings()
        with progress.step("up", "bucket, keys and roles, from nothing") as step:
            at_first = self._open("at-first", {})
            self._preview_with_policies(at_first, step.log)
            journal = self._run(at_first, at_first.stack.up, step.log)
            step.note(f"{len(journal.changed)} resources")
        self._unchanged(
            "the same program and settings change nothing", at_first, findings, progress
        )

        with progress.step("move", "its state, into the bucket's place") as step:
            bucket = self.folder / "bucket"
            bucket.mkdir()
            moved = self._open("moved", {"PULUMI_BACKEND_URL": f"file://{bucket}"})
            first, again = (move(at_first.stack, moved.stack) for _ in range(2))
            step.note("under another key")
        findings.check("the state moves once", [] if first and not again else [(first, again)])
        findings.check("nothing of it is lost", _lost(at_first.stack, moved.stack))
        self._unchanged("nothing changes from there", moved, findings, progress)

        with progress.step("read", f"a StackReference of the project {_READER}") as step:
            read = self._read_by_another(moved, step.log)
        expected = moved.stack.outputs()[_READ].value
        findings.check(
            "another project reads its outputs", [] if read == expected else [read, expected]
        )
        self._end(moved, findings, progress)
        return findings

    def _end(self, moved: StandInStack, findings: Findings, progress: Progress) -> None:
        with progress.step("destroy", "refused while it is protected") as step:
            before = _urns(moved.stack)
            refusal = self._refusal(moved, step.log)
        findings.check(
            "destroy names what is protected", [] if "protect" in refusal else [refusal or "done"]
        )
        findings.check("and deletes nothing", [] if _urns(moved.stack) == before else ["it did"])
        with progress.step(
            "end", "protection lifted on purpose, then everything to nothing"
        ) as step:
            file = moved.file
            earlier = yaml.safe_load(file.read_text())
            file.write_text(yaml.safe_dump(earlier | unprotected(self.document)))
            self._run(moved, moved.stack.up, step.log)
            self._run(moved, moved.stack.destroy, step.log)
        findings.check("nothing is left in the state", sorted(_urns(moved.stack)))

    def _open(self, name: str, environment: Mapping[str, str]) -> StandInStack:
        """With a folder and a passphrase of its own, and a backend too unless one is given."""
        return make_stand_in_stack(
            self.folder / name,
            self.stack,
            self.pulumi,
            self.document,
            program,
            environment,
            project=FOLDER,
        )

    def _preview_with_policies(self, made: StandInStack, log: Path) -> None:
        if self.policy_pack is None:
            return
        packs = [str(self.policy_pack)]
        self._run(made, lambda **watch: made.stack.preview(policy_packs=packs, **watch), log)

    def _unchanged(
        self, text: str, made: StandInStack, findings: Findings, progress: Progress
    ) -> None:
        with progress.step("unchanged", "a preview of the same again") as step:
            journal = self._run(made, made.stack.preview, step.log)
        findings.check(text, journal.changed)

    def _refusal(self, made: StandInStack, log: Path) -> str:
        """Of the preview that every `pulumi destroy` begins with; nothing if it would go on."""
        try:
            self._run(made, made.stack.preview_destroy, log)
        except LocalError as error:
            return str(error)
        return ""

    def _read_by_another(self, made: StandInStack, log: Path) -> Any:
        def read() -> None:
            shared = pulumi.StackReference(f"organization/{PROJECT}/{self.stack}")
            pulumi.export(_READ, shared.require_output(_READ))

        work = self.folder / "reader"
        work.mkdir()
        settings = auto.ProjectSettings(name=_READER, runtime="python")
        stack = auto.create_stack(
            stack_name=self.stack,
            project_name=_READER,
            program=read,
            opts=auto.LocalWorkspaceOptions(
                work_dir=str(work),
                env_vars=dict(made.stack.workspace.env_vars),
                project_settings=settings,
                pulumi_command=made.stack.workspace.pulumi_command,
            ),
        )
        journaled(made.process, lambda **watch: stack.up(color="never", **watch), log)
        return stack.outputs()[_READ].value

    def _run(self, made: StandInStack, operation: Callable[..., Any], log: Path) -> Journal:
        return journaled(made.process, lambda **watch: operation(color="never", **watch), log)


def _urns(stack: auto.Stack) -> set[str]:
    return {str(one["urn"]) for one in (stack.export_stack().deployment or {}).get("resources", [])}


def _lost(source: auto.Stack, target: auto.Stack) -> list[str]:
    return sorted(_urns(source) ^ _urns(target))
