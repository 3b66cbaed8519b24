"""Clusters don't touch each other, and a stopped one leaves nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

from local.cluster.lifecycle import take_down
from local.cluster.spec import ClusterSpec
from local.up import Ground
from tests.cluster.second_cluster import start


def _processes_mentioning(text: str) -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if text in command:
            found.append(command)
    return found


def _host_lists() -> dict[str, str]:
    commands = {
        "links": ["ip", "-oneline", "link"],
        "routes": ["ip", "route"],
        "iptables": ["iptables-save"],
    }
    lists = {
        name: subprocess.run(command, capture_output=True, text=True, check=True).stdout
        for name, command in commands.items()
    }
    lists["iptables"] = "\n".join(
        line for line in lists["iptables"].splitlines() if not line.startswith(("#", ":"))
    )
    lists["mounts"] = Path("/proc/self/mounts").read_text()
    lists["cgroups"] = "\n".join(_cgroups())
    return lists


def _cgroups() -> list[str]:
    root = Path("/sys/fs/cgroup")
    found = [*root.glob("image-serving-*"), *root.glob("*/image-serving-*")]  # v2 and v1
    return sorted(map(str, found))


class TestSecondCluster:
    """A cluster has namespaces, addresses and state of its own."""

    def test_it_lives_beside_the_first_and_leaves_no_trace(
        self, ground: Ground, brief: ClusterSpec
    ) -> None:
        before = _host_lists()
        kubectl = start(brief, ground)
        assert kubectl.text("get", "nodes", "-o", "name").strip() == f"node/{brief.node_name}"
        assert "brief" not in ground.kubectl.text("get", "nodes", "-o", "name")
        inside = _host_lists()
        assert inside["iptables"] == before["iptables"]
        assert inside["mounts"] == before["mounts"]

        take_down(brief)
        assert _host_lists() == before
        assert _processes_mentioning(str(brief.paths.root)) == []
        assert ground.kubectl.text("get", "--raw", "/readyz") == "ok"

    def test_its_objects_are_there_again_after_a_restart(
        self, ground: Ground, brief: ClusterSpec
    ) -> None:
        kubectl = start(brief, ground)
        kubectl.text("create", "configmap", "kept", "--from-literal=word=mole")
        take_down(brief)
        kubectl = start(brief, ground)
        assert kubectl.get("configmap", "kept")["data"] == {"word": "mole"}
