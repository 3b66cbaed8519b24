"""Which plugins a preview of a stack in AWS runs with: the genuine ones, or those that stand in."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from local.engine.plugin import our_home, users_home
from local.paths import REPO
from local.plugins.shared.launching import EXECUTABLE_PREFIX, write_launcher

# All that the program asks for, each with a stand-in.
PLUGINS = ("aws", "docker-build", "eks", "kubernetes")
_CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE")


@dataclass(frozen=True)
class Ground:
    """What a preview runs on; `reason` says why it isn't the genuine one, and is empty if it is."""

    reason: str

    @property
    def is_genuine(self) -> bool:
        return not self.reason


def choose_ground(
    environment: Mapping[str, str] = os.environ, plugins: Sequence[str] = PLUGINS
) -> Ground:
    """The genuine plugins where they are installed and there are credentials for AWS."""
    missing = [name for name in plugins if not _is_installed(name)]
    if missing:
        return Ground(f"not installed: the genuine {', '.join(missing)}")
    if not _has_credentials(environment):
        return Ground("no credentials for AWS in the environment or ~/.aws")
    return Ground("")


def write_stand_ins(folder: Path) -> dict[str, Any]:
    """Writes the launchers of the stand-ins; returns the `plugins` of a project that uses them."""
    for name in PLUGINS:
        write_launcher(folder, Path(sys.executable), REPO, name)
    return {"providers": [{"name": name, "path": str(folder)} for name in PLUGINS]}


def _is_installed(name: str) -> bool:
    plugin = f"resource-{name}-v{version(f'pulumi-{name}')}"
    homes = (users_home(), our_home())
    in_cache = any((home / "plugins" / plugin).is_dir() for home in homes)
    return in_cache or shutil.which(f"{EXECUTABLE_PREFIX}{name}") is not None


def _has_credentials(environment: Mapping[str, str]) -> bool:
    given = any(environment.get(name) for name in _CREDENTIALS)
    return given or (Path.home() / ".aws" / "credentials").is_file()
