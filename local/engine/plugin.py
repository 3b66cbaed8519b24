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

from local.engine.checkpoint import latest_deployment
from local.errors import LocalError
from local.paths import REPO, cache_dir
from local.plugins.shared.launching import write_launcher
from local.plugins.shared.marking import state_driver


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
        return (
            "STAND-IN for the kubernetes plugin "
            "(the genuine one is not installed, or came after the stack)"
        )


def choose_plugin(engine: Path) -> KubernetesPlugin:
    """The genuine plugin from PULUMI_HOME, the cache or PATH, else the stand-in.

    What the stand-in has made stays with it, also once another stack brings the genuine one.
    """
    if is_stand_ins(engine):
        return stand_in(engine)
    homes = (users_home(), our_home())
    installed = next((home for home in homes if plugin_folder(home).is_dir()), None)
    if installed or shutil.which("pulumi-resource-kubernetes"):
        return KubernetesPlugin(folder=None, pulumi_home=installed or homes[0])
    return stand_in(engine)


def stand_in(engine: Path) -> KubernetesPlugin:
    """The stand-in, launched from `engine`."""
    folder = engine / "plugins"
    write_launcher(folder, Path(sys.executable), REPO, "kubernetes")
    return KubernetesPlugin(folder=folder, pulumi_home=engine / "home")


def is_stand_ins(engine: Path) -> bool:
    """Whether the stack's state was made with the stand-in."""
    return state_driver({"deployment": latest_deployment(engine)}) == "stand-in"


def our_home() -> Path:
    """Where plugins go that this tool installs; the user's own folder stays as it is."""
    return cache_dir() / "pulumi"


def plugin_folder(home: Path) -> Path:
    """Where the CLI keeps the plugin of the pinned SDK's version below PULUMI_HOME."""
    return home / "plugins" / f"resource-kubernetes-v{version('pulumi-kubernetes')}"


def users_home() -> Path:
    return Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")


def refuse_foreign_state(plugin: KubernetesPlugin, exported: Mapping[str, Any]) -> None:
    """Raises `LocalError` when this state was made by the other one of the two plugins."""
    driver = state_driver(exported)
    ours = "genuine" if plugin.is_genuine else "stand-in"
    if driver in ("none", ours):
        return
    wanted = f"pulumi plugin install resource kubernetes {version('pulumi-kubernetes')}"
    install = f"install that one ({wanted}), or start" if driver == "genuine" else "start"
    raise LocalError(
        f"the stack's state was made by the {driver} kubernetes plugin, and this machine now has "
        f"the {ours} one; they keep different things in it: {install} anew with: make down PURGE=1"
    )
