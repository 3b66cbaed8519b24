"""Parts from Debian's packages, installed only when missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from local.errors import LocalError
from local.progress import Step
from local.shell import run

_APT_ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive"}
# Installing etcd or containerd must not start a daemon of the machine's own.
_POLICY = Path("/usr/sbin/policy-rc.d")
_DENY_SERVICE_STARTS = "#!/bin/sh\nexit 101\n"


def ensure_packages(packages: Sequence[str], step: Step) -> None:
    """Installs the missing ones. Raises `LocalError` without apt or without root."""
    missing = _missing(packages)
    if not missing:
        step.note(f"reused {len(packages)} Debian packages")
        return
    if shutil.which("apt-get") is None:
        raise LocalError(
            f"Debian packages are missing ({', '.join(missing)}) and there is no apt-get here; "
            "the local cluster needs Debian 12"
        )
    if os.geteuid() != 0:
        raise LocalError(f"installing {', '.join(missing)} needs root; run it with sudo")
    step.doing(f"installing {', '.join(missing)}")
    run(["apt-get", "update", "-q"], log=step.log, env=_APT_ENVIRONMENT)
    held_back = not _POLICY.exists()
    if held_back:
        _POLICY.write_text(_DENY_SERVICE_STARTS)
        _POLICY.chmod(0o755)
    try:
        run(
            ["apt-get", "install", "-q", "-y", "--no-install-recommends", *missing],
            log=step.log,
            env=_APT_ENVIRONMENT,
        )
    finally:
        if held_back:
            _POLICY.unlink()
    step.note(f"installed {len(missing)} Debian packages")


def _missing(packages: Sequence[str]) -> list[str]:
    done = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *packages],
        capture_output=True,
        text=True,
        check=False,  # exit code 1 only says that some are unknown
    )
    installed = {
        line.split()[0] for line in done.stdout.splitlines() if line.endswith(" installed")
    }
    return [package for package in packages if package not in installed]
