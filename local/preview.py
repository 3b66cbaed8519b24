"""`make preview STACK=dev`: what the program would make in AWS, without an account.

With the genuine plugins and credentials it is Pulumi's own preview; else stand-ins check what the
program says, against the SDK's classes, AWS's service models and the schemas of Kubernetes.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from local.engine.assumptions import assume_the_rest
from local.engine.policy_pack import ensure_policy_pack
from local.engine.previewing import Outcome, StandInPreview
from local.engine.resource_tree import component_tree, counts_by_type
from local.engine.stand_ins import choose_ground
from local.errors import CommandError, LocalError
from local.locks import product_lock
from local.paths import REPO, state_root
from local.progress import Progress, say
from local.toolchain.binaries import ensure_binaries
from local.versions import GO_TOOLS

_STAND_IN_NOTICE = """\
STAND-INS for the plugins aws, eks, docker-build and kubernetes ({reason}):
  nothing is asked of AWS. What only an account can say (quotas, rights, names that are taken) isn't
  checked, images aren't built, objects are checked by schema: see local/plugins/aws/README.md"""


def preview(stack: str) -> None:
    """Raises `LocalError` with all that is wrong with the stack."""
    document = _stack_file(stack)
    folder = state_root() / "previews" / stack
    progress = Progress(folder.with_name("logs") / stack)
    with progress.step("toolchain", "looking for Pulumi") as step:
        pulumi = ensure_binaries(step, [each for each in GO_TOOLS if each.name == "pulumi"])
    with progress.step("policy pack", "looking for its packages") as step:
        pack = ensure_policy_pack(folder.with_name("policy"), step)
    ground = choose_ground()
    if ground.is_genuine:
        _genuine(stack, pulumi["pulumi"], pack)
        return
    say(_STAND_IN_NOTICE.format(reason=ground.reason))
    for assumed in assume_the_rest(document, REPO):
        say(f"  assumed: {assumed}")
    with (
        progress.step("preview", f"pulumi preview, stack {stack}") as step,
        product_lock(f"preview-{stack}", step.doing),  # two would clear each other's folder
    ):
        run = StandInPreview(folder, stack, pulumi["pulumi"], document)
        outcome = run.run(step.log, [pack])
        step.note(f"{len(outcome.planned)} resources planned")
    _show(outcome)


def _stack_file(stack: str) -> dict[str, Any]:
    """Raises `LocalError` for a stack without a file, and for the one that needs no preview."""
    known = sorted(file.name.split(".")[1] for file in REPO.glob("Pulumi.*.yaml"))
    on_aws = [name for name in known if name != "local"]
    if stack not in on_aws:
        hint = "; the stack local is made by `make up`" if stack == "local" else ""
        names = ", ".join(on_aws) or "none yet"
        raise LocalError(f"STACK={stack}: stacks in AWS are {names}{hint}")
    document: dict[str, Any] = yaml.safe_load((REPO / f"Pulumi.{stack}.yaml").read_text())
    return document


def _genuine(stack: str, pulumi: Path, pack: Path) -> None:
    """Pulumi's own command, in the user's own environment."""
    say("the genuine plugins are installed and there are credentials: this is the real preview")
    command = [str(pulumi), "preview", "--stack", stack, "--policy-pack", str(pack)]
    if subprocess.run(command, cwd=REPO, check=False).returncode != 0:
        raise CommandError("the preview failed; see above")


def _show(outcome: Outcome) -> None:
    for warning in outcome.warnings:
        if not warning.startswith("stand-in for"):
            say(f"warning: {warning}")
    say("")
    Console(highlight=False).print(component_tree(outcome.planned))
    counts = counts_by_type(outcome.planned)
    total = sum(count for _, count in counts)
    rows = [f"{count:5}  {type_name}" for type_name, count in counts]
    say("\n".join(["", *rows, f"{total:5}  resources in all"]))
