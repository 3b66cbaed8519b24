"""The cluster's own programs, as their supervisor sees them."""

from __future__ import annotations

import subprocess

from local.cluster.spec import ClusterSpec


def pid_of(spec: ClusterSpec, component: str) -> int | None:
    """The component's process as the cluster's namespace numbers it; None while it is down."""
    command = ["s6-svstat", "-o", "pid", str(spec.paths.services / component)]
    pid = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return pid if pid > 0 else None
