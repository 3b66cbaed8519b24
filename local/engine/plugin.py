"""Which kubernetes plugin drives the stack: the genuine one where it is installed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from local.errors import LocalError
from local.paths import REPO
from local.plugins.kubernetes.launcher import write_launcher
from local.plugins.kubernetes.marker import state_driver


@dataclass(frozen=True)
class KubernetesPlugin:
    """`folder` holds the stand-in's launcher; None means that the genuine plugin is used."""

    folder: Path | None
    pulumi_home: Path

    @property
    def is_genuine(self) -> bool:
        return self.folder is None

    @property
    def description(self) -> str:
        if self.is_genuine:
            return "genuine kubernetes plugin"
        return "STAND-IN for the kubernetes plugin (the genuine one is not installed here)"


def choose_plugin(engine: Path) -> KubernetesPlugin:
    """The genuine plugin from PULUMI_HOME or PATH, else the stand-in, launched from `engine`."""
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    installed = home / "plugins" / f"resource-kubernetes-v{version('pulumi-kubernetes')}"
    if installed.is_dir() or shutil.which("pulumi-resource-kubernetes"):
        return KubernetesPlugin(folder=None, pulumi_home=home)
    folder = engine / "plugins"
    write_launcher(folder, Path(sys.executable), REPO)
    return KubernetesPlugin(folder=folder, pulumi_home=engine / "home")


def refuse_foreign_state(plugin: KubernetesPlugin, exported: Mapping[str, Any]) -> None:
    """Raises `LocalError` when this state was made by the other one of the two plugins."""
    driver = state_driver(exported)
    ours = "genuine" if plugin.is_genuine else "stand-in"
    if driver in ("none", ours):
        return
    raise LocalError(
        f"the stack's state was made by the {driver} kubernetes plugin, and this machine now has "
        f"the {ours} one; they keep different things in it. Start anew with: make down PURGE=1"
    )
