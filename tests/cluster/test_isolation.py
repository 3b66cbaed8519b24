"""Clusters don't touch each other, and a stopped one leaves nothing."""

from __future__ import annotations

import re
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


def _host_lists(spec: ClusterSpec) -> dict[str, list[str]]:
    """Links, routes, mounts and cgroups of a cluster, and all iptables rules of the host.

    What belongs to others may come and go meanwhile, as image builds and other clusters do.
    """
    return {
        "links": _mentioning(spec.host_link, _printed("ip", "-oneline", "link")),
        "routes": _mentioning(spec.host_link, _printed("ip", "route")),
        "mounts": _mentioning(str(spec.paths.root), Path("/proc/self/mounts").read_text()),
        "cgroups": _mentioning(spec.cgroup, "\n".join(_cgroups())),
        # Comments hold the time, and chains their counters.
        "iptables": [
            line
            for line in _printed("iptables-save").splitlines()
            if not line.startswith(("#", ":"))
        ],
    }


def _printed(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _mentioning(text: str, lines: str) -> list[str]:
    whole = re.compile(rf"{re.escape(text)}(?!\d)")  # isrv1 is not isrv10
    return [line for line in lines.splitlines() if whole.search(line)]


def _cgroups() -> list[str]:
    root = Path("/sys/fs/cgroup")
    found = [*root.glob("image-serving-*"), *root.glob("*/image-serving-*")]  # v2 and v1
    return sorted(map(str, found))


class TestSecondCluster:
    """A cluster has namespaces, addresses and state of its own."""

    def test_it_lives_beside_the_first_and_leaves_no_trace(
        self, ground: Ground, brief: ClusterSpec
    ) -> None:
        before = _host_lists(brief)
        kubectl = start(brief, ground)
        assert kubectl.text("get", "nodes", "-o", "name").strip() == f"node/{brief.node_name}"
        assert "brief" not in ground.kubectl.text("get", "nodes", "-o", "name")
        running = _host_lists(brief)
        assert running["links"]
        assert running["cgroups"]
        assert running["mounts"] == []
        assert running["iptables"] == before["iptables"]

        take_down(brief)
        assert _host_lists(brief) == {
            "links": [],
            "routes": [],
            "mounts": [],
            "cgroups": [],
            "iptables": before["iptables"],
        }
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
