"""Parts from Debian's packages, installed only when missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from local.errors import LocalError
from local.locks import product_lock
from local.progress import Step
from local.shell import run

_APT_ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive"}
_APT_GET = ("apt-get", "-o", "DPkg::Lock::Timeout=120")  # seconds that another apt may take
# Installing etcd or containerd must not start a daemon of the machine's own.
_POLICY = Path("/usr/sbin/policy-rc.d")
_DENY_SERVICE_STARTS = "#!/bin/sh\nexit 101\n"


def ensure_packages(packages: Sequence[str], step: Step) -> None:
    """Installs the missing ones. Raises `LocalError` without apt or without root."""
    with product_lock("debian-packages", step.doing):
        _remove_policy()  # a killed run may have left it
        missing = missing_packages(packages)
        if missing:
            _install(missing, step)
            step.note(f"installed {len(missing)} Debian packages")
        else:
            step.note(f"reused {len(packages)} Debian packages")


def _install(missing: Sequence[str], step: Step) -> None:
    if shutil.which("apt-get") is None:
        raise LocalError(
            f"Debian packages are missing ({', '.join(missing)}) and there is no apt-get here; "
            "the local cluster needs Debian 12"
        )
    if os.geteuid() != 0:
        raise LocalError(f"installing {', '.join(missing)} needs root; run it with sudo")
    step.doing(f"installing {', '.join(missing)}")
    if not _POLICY.exists():
        _POLICY.write_text(_DENY_SERVICE_STARTS)
        _POLICY.chmod(0o755)
    install = [*_APT_GET, "install", "-q", "-y", "--no-install-recommends", *missing]
    # The first one finishes what a killed run left half-configured.
    commands = [["dpkg", "--configure", "-a"], [*_APT_GET, "update", "-q"], install]
    try:
        for command in commands:
            run(command, log=step.log, env=_APT_ENVIRONMENT)
    finally:
        _remove_policy()


def _remove_policy() -> None:
    """Removes our own; one that the machine's owner wrote stays."""
    if _POLICY.exists() and _POLICY.read_text() == _DENY_SERVICE_STARTS:
        _POLICY.unlink()


def missing_packages(packages: Sequence[str]) -> list[str]:
    """Those of `packages` that are not installed, or not completely."""
    if shutil.which("dpkg-query") is None:
        return list(packages)
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
