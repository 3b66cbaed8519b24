"""The machine's pip settings and CA bundle, handed into image builds.

pip merges files and environment by itself; `pip config list` prints the outcome, which becomes one
file that is there during the build and in no image that is shipped.
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


def build_files(folder: Path) -> dict[str, Path]:
    """Settings and CA bundle by the path that they have inside; `folder` takes what is written."""
    settings = parse(output([sys.executable, "-m", "pip", "config", "list"]))
    files = {}
    certificates = settings.get("cert")
    if certificates:
        settings["cert"] = _CERTIFICATES_INSIDE
        files[_CERTIFICATES_INSIDE] = Path(certificates)
    file = folder / "pip.conf"
    lines = [f"{key} = {value}" for key, value in sorted(settings.items())]
    write_if_changed(file, "\n".join(["[global]", *lines, ""]), mode=0o600)
    files["/etc/pip.conf"] = file
    return files


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
