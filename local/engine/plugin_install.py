"""The genuine kubernetes plugin, installed by Pulumi's own command where its site answers."""

from __future__ import annotations

import urllib.error
import urllib.request
from importlib.metadata import version
from pathlib import Path

from local.engine.plugin import choose_plugin, is_stand_ins, our_home
from local.errors import CommandError
from local.progress import Step
from local.shell import run
from local.toolchain.releases import ASK_TIMEOUT_SECONDS

# https://www.pulumi.com/docs/iac/cli/commands/pulumi_plugin_install/
_SITE = "https://get.pulumi.com/releases/plugins/"
_TIMEOUT_SECONDS = 300.0


def install_genuine_plugin(engine: Path, pulumi: Path, step: Step, *, site: str = _SITE) -> None:
    """Installs it unless it is there; what hinders it is in the step's log.

    A stack that the stand-in has made stays with the stand-in: see `choose_plugin`.
    """
    if choose_plugin(engine).is_genuine or is_stand_ins(engine) or not _answers(site, step.log):
        return
    step.doing("installing the kubernetes plugin")
    home = our_home()
    home.mkdir(parents=True, exist_ok=True)
    wanted = ("resource", "kubernetes", version("pulumi-kubernetes"))
    environment = {"PULUMI_HOME": str(home), "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        run(
            [pulumi, "plugin", "install", *wanted],
            log=step.log,
            env=environment,
            timeout_seconds=_TIMEOUT_SECONDS,
        )
    except CommandError as error:
        step.doing(f"going on without it ({str(error).splitlines()[0]})")


def _answers(site: str, log: Path) -> bool:
    """Whether anything answers there: what it says to a bare look doesn't matter."""
    try:
        urllib.request.urlopen(site, timeout=ASK_TIMEOUT_SECONDS).close()
    except urllib.error.HTTPError:
        return True
    except OSError as error:
        with log.open("a") as opened:
            opened.write(f"no genuine plugin: {site} can't be reached ({error})\n")
        return False
    return True
