"""`make bootstrap STACK=…`: what all stacks share is made, or pretended without an account."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.engine.plugin import users_home
from local.engine.policy_pack import ensure_policy_pack
from local.engine.stand_ins import choose_ground
from local.errors import LocalError
from local.locks import product_lock
from local.paths import state_root
from local.progress import Progress, say
from local.shared_state.account import AccountBootstrap
from local.shared_state.life import BootstrapLife
from local.shared_state.place import place_of
from local.shared_state.program import FOLDER, stack_document
from local.toolchain.binaries import ensure_binaries
from local.versions import GO_TOOLS

_NOTICE = """\
STAND-INS ({reason}): nothing is asked of AWS.
  aws plugin  checks all inputs against the SDK's classes and AWS's service models, and pretends
  bucket      a folder in its place: the state moves there as it would into S3
  KMS key     a passphrase in its place
What only an account can say: docs/bootstrap.md"""


def bootstrap(stack: str, *, confirmed: bool) -> int:
    """Returns 1 if a check failed. Raises `LocalError` with what is wrong."""
    document = stack_document(stack)
    home = state_root() / "bootstrap" / stack
    progress = Progress(home / "logs")
    with progress.step("toolchain", "looking for Pulumi") as step:
        tools = ensure_binaries(step, [each for each in GO_TOOLS if each.name == "pulumi"])
        lock = product_lock(f"bootstrap-{stack}", step.doing)
    ground = choose_ground(plugins=["aws"])
    with progress.step("policy pack", "looking for its packages") as step:
        pack = ensure_policy_pack(home.parent / "policy", step)
    with lock:  # two would write the same state
        if not ground.is_genuine:
            say(_NOTICE.format(reason=ground.reason))
            life = BootstrapLife(home / "pretended", stack, document, tools["pulumi"], pack)
            return _pretended(life, progress)
        say("the genuine plugin is installed and there are credentials: this is for real")
        for_real = AccountBootstrap(
            stack,
            FOLDER,
            home,
            place_of(stack, document),
            tools["pulumi"],
            {"PULUMI_HOME": str(users_home())},
            (lambda _: None) if confirmed else _ask,
            pack,
        )
        _show(stack, for_real.run(progress), home)
        return 0


def _pretended(life: BootstrapLife, progress: Progress) -> int:
    findings = life.run(progress)
    say(f"{len(findings.passed)} checks hold, {len(findings.failed)} failed")
    return 1 if findings.failed else 0


def _show(stack: str, made: Mapping[str, Any], home: Path) -> None:
    say("")
    for name, value in sorted(made.items()):
        say(f"  {name}: {value}")
    say(
        f"\nCommit bootstrap/Pulumi.{stack}.yaml, which names the key now. Where the values go, and"
    )
    say(f"the state's first copy, {home / 'backend'}, which is no longer used: docs/bootstrap.md")


def _ask(changes: Mapping[str, int]) -> None:
    say(", ".join(f"{count} to {name}" for name, count in sorted(changes.items())))
    if not sys.stdin.isatty():
        raise LocalError("nobody can be asked here whether to go on: make bootstrap … YES=1")
    if input("go on? [y/N] ").strip().lower() != "y":
        raise LocalError("nothing was done")
