"""The policy pack, as a program that the engine can start.

A pack that is a folder needs Pulumi's Python host; one that is an executable doesn't. It has an
environment of its own: its SDK wants an older protobuf than the program has.
"""

from __future__ import annotations

import shlex
from pathlib import Path

from local.files import write_if_changed
from local.paths import REPO
from local.progress import Step
from local.venvs import ensure_venv

PACK = REPO / "policy"


def ensure_policy_pack(folder: Path, step: Step) -> Path:
    """Writes the pack's launcher into `folder`. Raises `CommandError` when pip fails."""
    python = ensure_venv("policy", (PACK / "requirements.txt",), step)
    launcher = folder / "image-serving-policy"
    # The engine gives its address first or, in newer versions, as the last argument.
    script = (
        "#!/bin/sh\n"
        'for address in "$@"; do :; done\n'
        f"cd {shlex.quote(str(PACK))}\n"
        f'exec {shlex.quote(str(python))} -u -m pulumi.policy "$address" .\n'
    )
    write_if_changed(launcher, script, mode=0o755)
    return launcher
