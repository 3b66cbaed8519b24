"""The machine's pip settings and CA bundle, handed into image builds.

pip merges files and environment by itself; `pip config list` prints the outcome, which becomes one
file that is mounted during the build and is in no image.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from local.files import write_if_changed
from local.shell import output

_CERTIFICATES_INSIDE = "/etc/ssl/certs/build-machine.pem"
# Paths of this machine that mean nothing inside a build.
_HOST_PATHS = {"find-links", "cache-dir", "log", "target", "prefix", "root", "src"}


def build_mounts(folder: Path) -> list[str]:
    """Arguments for `buildah bud` that mount settings and CA bundle read-only."""
    settings = parse(output([sys.executable, "-m", "pip", "config", "list"]))
    mounts = []
    certificates = settings.get("cert")
    if certificates:
        settings["cert"] = _CERTIFICATES_INSIDE
        mounts.append(f"--volume={certificates}:{_CERTIFICATES_INSIDE}:ro")
    file = folder / "pip.conf"
    lines = [f"{key} = {value}" for key, value in sorted(settings.items())]
    write_if_changed(file, "\n".join(["[global]", *lines, ""]), mode=0o600)
    mounts.append(f"--volume={file}:/etc/pip.conf:ro")
    return mounts


def parse(listed: str) -> dict[str, str]:
    """The options that `pip config list` prints (`section.key='value'`), without host paths.

    The environment's (`:env:`) come last in pip's order, so they win here too.
    """
    settings: dict[str, str] = {}
    for line in sorted(listed.splitlines(), key=lambda each: each.startswith(":env:")):
        name, separator, value = line.partition("=")
        section, _, key = name.rpartition(".")
        if separator and section in ("global", "install", "download", ":env:"):
            settings[key] = str(ast.literal_eval(value)).replace("\n", "\n    ")
    return {key: value for key, value in settings.items() if key not in _HOST_PATHS}
