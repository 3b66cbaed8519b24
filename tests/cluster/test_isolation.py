"""Clusters don't touch each other, and a stopped one leaves nothing."""

from __future__ import annotations

import contextlib
import re
import subprocess
from pathlib import Path

from infra.labels import GATEWAY, OBJECT_STORE, model_workload
from local.cluster.lifecycle import take_down
from local.cluster.sandbox import find_sandbox
from local.cluster.spec import ClusterSpec
from local.kubectl import Kubectl
from local.up import Ground
from tests.cluster.conftest import MODEL_PODS, Deployed, container_restarts, pods_of
from tests.cluster.requests import steady_requests
from tests.cluster.second_cluster import start
from tests.cluster.waiting import eventually


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


# Where a container engine, CNI and a kubelet of the machine's own keep what is theirs.
_ENGINES_FOLDERS = (
    *("/run/containerd", "/run/docker", "/run/flannel", "/run/kubernetes"),
    *("/var/lib/containerd", "/var/lib/docker", "/var/lib/cni", "/var/lib/kubelet"),
    *("/etc/containerd", "/etc/docker", "/etc/cni/net.d", "/opt/cni/bin"),
)


def _host_lists(spec: ClusterSpec) -> dict[str, list[str]]:
    """Links, routes, mounts and cgroups of a cluster; all iptables rules of the host, Docker's own
    chains among them, and what is in the folders of its container engines.

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
        "engines": sorted(
            str(entry)
            for folder in map(Path, _ENGINES_FOLDERS)
            if folder.is_dir()
            for entry in (folder, *folder.iterdir())
        ),
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


def _namespaces(pid: int | str = "[0-9]*") -> set[Path]:
    """The namespaces of a process, or of all."""
    found = set()
    for link in Path("/proc").glob(f"{pid}/ns/*"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            found.add(link.readlink())
    return found


class TestSecondCluster:
    """A cluster has namespaces, addresses and state of its own."""

    def test_it_lives_beside_the_first_and_leaves_no_trace(
        self, ground: Ground, brief: ClusterSpec
    ) -> None:
        before = _host_lists(brief)
        kubectl = start(brief, ground)
        assert kubectl.text("get", "nodes", "-o", "name").strip() == f"node/{brief.node_name}"
        nodes = ground.kubectl.text("get", "nodes", "-o", "name").split()
        assert nodes == [f"node/{ground.spec.node_name}"]
        running = _host_lists(brief)
        sandbox = find_sandbox(brief)
        assert sandbox is not None
        own = _namespaces(sandbox.pid) - _namespaces("self")
        assert len(own) >= len(("pid", "net", "mnt", "uts", "ipc"))
        assert running["links"]
        assert running["cgroups"]
        assert running["mounts"] == []
        assert running["iptables"] == before["iptables"]
        assert running["engines"] == before["engines"]

        take_down(brief)
        assert _host_lists(brief) == {
            "links": [],
            "routes": [],
            "mounts": [],
            "cgroups": [],
            "iptables": before["iptables"],
            "engines": before["engines"],
        }
        assert _processes_mentioning(str(brief.paths.root)) == []
        assert not own & _namespaces()
        assert ground.kubectl.text("get", "--raw", "/readyz") == "ok"

    def test_its_objects_are_there_again_after_a_restart(
        self, ground: Ground, brief: ClusterSpec
    ) -> None:
        kubectl = start(brief, ground)
        kubectl.text("create", "configmap", "kept", "--from-literal=word=mole")
        take_down(brief)
        kubectl = start(brief, ground)
        assert kubectl.get("configmap", "kept")["data"] == {"word": "mole"}


_BUSY = ["/busybox", "sh", "-c", "while :; do :; done"]


def _is_busy(kubectl: Kubectl) -> bool:
    return bool(kubectl.get("pod", "busy")["status"].get("phase") == "Running")


def _restarts(deployed: Deployed) -> dict[str, int]:
    """Of the pods that stay, by uid: a third model server comes and goes by load."""
    models = pods_of(deployed, model_workload("digits").name)
    staying = [
        *pods_of(deployed, GATEWAY.name),
        *pods_of(deployed, OBJECT_STORE.name),
        *(pod for pod in models if pod["metadata"]["name"] in MODEL_PODS),
    ]
    return {pod["metadata"]["uid"]: container_restarts(pod) for pod in staying}


class TestRemovalUnderLoad:
    """One cluster is removed while both are busy: the other one answers every request."""

    def test_the_other_one_is_unharmed(self, deployed: Deployed, brief: ClusterSpec) -> None:
        kubectl = start(brief, deployed.ground)
        eventually(
            lambda: bool(_pause_images(kubectl)), timeout_seconds=60, what="the node's images"
        )
        image = _pause_images(kubectl)[0]
        kubectl.text("run", "busy", f"--image={image}", "--command", "--", *_BUSY)
        eventually(lambda: _is_busy(kubectl), timeout_seconds=60, what="the busy pod to run")
        before = _restarts(deployed)
        sample = next(deployed.ground.samples.glob("*.png"))
        with steady_requests(f"{deployed.url}/predict", sample) as requests:
            requests.wait_for(20)
            take_down(brief)
            requests.wait_for(20)
        assert requests.failures == []
        assert _restarts(deployed) == before


def _pause_images(kubectl: Kubectl) -> list[str]:
    """Images with a shell, as the kubelet reports them some seconds after its start."""
    [node] = kubectl.get("nodes")["items"]
    images = node["status"].get("images", [])
    return [name for image in images for name in image["names"] if "/pause:" in name]
