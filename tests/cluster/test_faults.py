"""The cluster mends itself, and comes back from a power cut with all its data.

The long injections, into every step of `make up`, are in tests/faults.
"""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

from local.cluster.sandbox import find_sandbox
from local.cluster.spec import ClusterSpec
from local.errors import CommandError
from local.kubectl import Kubectl
from local.up import Ground
from tests.cluster.components import pid_of
from tests.cluster.second_cluster import start
from tests.cluster.waiting import eventually

_COMPONENTS = ("etcd", "kube-apiserver", "kube-scheduler", "containerd", "kubelet")
_TIMEOUT_SECONDS = 90


def _kill(spec: ClusterSpec, component: str) -> None:
    sandbox = find_sandbox(spec)
    pid = pid_of(spec, component)
    assert sandbox is not None
    assert pid is not None
    os.kill(_on_the_host(sandbox.pid, pid), signal.SIGKILL)


def _on_the_host(sandbox_pid: int, pid: int) -> int:
    """The host's number of a process of the sandbox (proc(5), NSpid)."""
    namespace = Path(f"/proc/{sandbox_pid}/ns/pid").readlink()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            inside = re.search(rf"^NSpid:\t\d+\t{pid}$", (folder / "status").read_text(), re.M)
            if inside and (folder / "ns/pid").readlink() == namespace:
                return int(folder.name)
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
    raise AssertionError(f"no process {pid} in the cluster")


def _is_well(kubectl: Kubectl, spec: ClusterSpec, before: dict[str, int | None]) -> bool:
    """Every component is another process than before, and the API server is ready."""
    try:
        ready = kubectl.text("get", "--raw", "/readyz") == "ok"
    except CommandError:
        return False
    return ready and all(pid_of(spec, each) not in (None, before[each]) for each in _COMPONENTS)


class TestPowerCut:
    """Processes are killed as the kernel does it: at once, with nothing said."""

    def test_killed_components_and_a_killed_cluster_come_back_with_their_objects(
        self, ground: Ground, brief: ClusterSpec
    ) -> None:
        kubectl = start(brief, ground)
        kubectl.text("create", "configmap", "kept", "--from-literal=word=mole")

        before = {each: pid_of(brief, each) for each in _COMPONENTS}
        for component in _COMPONENTS:
            _kill(brief, component)
        eventually(
            lambda: _is_well(kubectl, brief, before),
            timeout_seconds=_TIMEOUT_SECONDS,
            what="every killed component to run again",
        )

        sandbox = find_sandbox(brief)
        assert sandbox is not None
        os.kill(sandbox.pid, signal.SIGKILL)
        eventually(
            lambda: find_sandbox(brief) is None, timeout_seconds=30, what="the cluster to be gone"
        )
        kubectl = start(brief, ground)
        assert kubectl.get("configmap", "kept")["data"] == {"word": "mole"}
