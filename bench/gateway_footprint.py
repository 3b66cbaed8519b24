"""How large the gateway's image is, how soon it is ready and what it holds when idle.

Side by side, on the running local cluster, in pods of one CPU: the gateway as the stack runs it,
and the floor, Python's own `http.server` in the same image. Times are from the start of the
process (proc(5)) to its first answer 200, seen from the pod's network; medians of several pods.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.cluster.sandbox import find_sandbox
from local.cluster.spec import load_spec
from local.errors import LocalError
from local.images.archives import archives_of, layer_bytes
from local.images.base import stored_base_image
from local.images.builder import require_builder
from local.kubectl import Kubectl
from local.running import running_kubectl

GOAL_IMAGE_BYTES = 150e6
GOAL_READY_SECONDS = 2.0
GOAL_RESIDENT_BYTES = 120e6

NAMESPACE = "image-serving"
PORT = 9696
IDLE_SECONDS = 5.0
TIMEOUT_SECONDS = 60.0
_POLL = """
import sys, time, urllib.request
while True:
    try:
        urllib.request.urlopen(sys.argv[1], timeout=1).close()
        break
    except OSError:
        time.sleep(0.005)
print(time.clock_gettime(time.CLOCK_BOOTTIME))
"""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is measured: its path that answers 200 once ready, and its command (None: image's)."""

    name: str
    path: str
    command: list[str] | None


SUBJECTS = (
    Subject(name="gateway", path="/readyz", command=None),
    Subject(name="floor", path="/", command=["python3", "-m", "http.server", str(PORT)]),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cluster", default="local")
    parser.add_argument("--pods", type=int, default=5, help="pods of each kind (default: 5)")
    arguments = parser.parse_args()
    spec = load_spec(arguments.cluster)
    if spec is None or find_sandbox(spec) is None:
        raise SystemExit(f"cluster '{arguments.cluster}' does not run; start it with `make up`")
    kubectl = running_kubectl(arguments.cluster)
    deployment = kubectl.get("deployment", "gateway", "-n", NAMESPACE)
    measured: dict[str, list[tuple[float, float]]] = {each.name: [] for each in SUBJECTS}
    for number in range(arguments.pods):
        for subject in SUBJECTS:
            seconds, resident = _measure(kubectl, deployment, subject)
            measured[subject.name].append((seconds, resident))
            print(f"pod {number + 1} {subject.name:<8} {seconds:6.2f} s {resident / 1e6:7.1f} MB")
    _report(measured, deployment["spec"]["template"]["spec"]["containers"][0]["image"])


def _report(measured: dict[str, list[tuple[float, float]]], image: str) -> None:
    ready = {name: statistics.median(each[0] for each in rows) for name, rows in measured.items()}
    held = {name: statistics.median(each[1] for each in rows) for name, rows in measured.items()}
    added, base = _image_bytes(image)
    print(f"\n{'':<22}{'gateway':>10}{'floor':>10}{'ratio':>8}{'goal':>10}{'of goal':>9}")
    for label, unit, mine, floor, goal in (
        ("ready after", "s", ready["gateway"], ready["floor"], GOAL_READY_SECONDS),
        (
            "resident, idle",
            "MB",
            held["gateway"] / 1e6,
            held["floor"] / 1e6,
            GOAL_RESIDENT_BYTES / 1e6,
        ),
        ("image above its base", "MB", added / 1e6, base / 1e6, GOAL_IMAGE_BYTES / 1e6),
    ):
        print(
            f"{label:<22}{mine:>8.2f} {unit:<2}{floor:>7.2f} {unit:<2}{mine / floor:>7.2f}"
            f"{goal:>7.0f} {unit:<2}{mine / goal:>8.0%}"
        )
    print("(for the image, the floor is the base itself)")


def _image_bytes(image: str) -> tuple[int, int]:
    """Bytes that the image adds to its base, and those of the base."""
    name, _, digest = image.rpartition("/")[2].partition(":")
    archive = next(each for each in archives_of(name) if each.stem == f"{name}-{digest}")
    base = stored_base_image()
    if base is None:
        raise LocalError("the base image is not in the cache; run `make up`")
    sizes, count = layer_bytes(archive), require_builder().layer_count(base)
    return sum(sizes[count:]), sum(sizes[:count])


def _measure(kubectl: Kubectl, deployment: dict[str, Any], subject: Subject) -> tuple[float, float]:
    """Seconds from process start to ready, and resident bytes when idle, of one fresh pod."""
    pod = _pod(deployment, subject)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "kubectl.log"
        kubectl.apply(json.dumps(pod), log=log, field_manager="image-serving-bench")
        try:
            uid = kubectl.get("pod", pod["metadata"]["name"], "-n", NAMESPACE)["metadata"]["uid"]
            pid = _main_process(uid)
            url = f"http://127.0.0.1:{PORT}{subject.path}"
            ready_at = subprocess.run(
                ["nsenter", f"--target={pid}", "--net", "python3", "-c", _POLL, url],
                capture_output=True,
                text=True,
                timeout=TIMEOUT_SECONDS,
                check=True,
            ).stdout
            seconds = float(ready_at) - _started_at(pid)
            time.sleep(IDLE_SECONDS)
            return seconds, _resident_bytes(pid)
        finally:
            name = pod["metadata"]["name"]
            kubectl.run("delete", "pod", name, "-n", NAMESPACE, "--grace-period=1", log=log)


def _pod(deployment: dict[str, Any], subject: Subject) -> dict[str, Any]:
    """A pod as the Deployment makes them."""
    spec = copy.deepcopy(deployment["spec"]["template"]["spec"])
    container = spec["containers"][0]
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        container.pop(probe, None)  # their requests would count
    if subject.command is not None:
        container["command"] = subject.command
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"bench-{subject.name}",
            "namespace": NAMESPACE,
            "labels": _labels(deployment, subject),
        },
        "spec": spec,
    }


def _labels(deployment: dict[str, Any], subject: Subject) -> dict[str, str]:
    """The gateway's own, since model servers admit its pods only; none for the floor.

    Without the hash of a template no ReplicaSet takes the pod for its own.
    """
    if subject.command is not None:
        return {}
    labels: dict[str, str] = deployment["spec"]["template"]["metadata"]["labels"]
    return labels


def _main_process(pod_uid: str) -> int:
    """The pid, on the host, of the Python process in the pod's cgroup."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if pod_uid in (folder / "cgroup").read_text():
                    command = (folder / "cmdline").read_bytes()
                    if command.startswith(b"python3\0"):
                        return int(folder.name)
            except (FileNotFoundError, ProcessLookupError):
                continue
        time.sleep(0.005)
    raise LocalError("the pod's process did not start")


def _started_at(pid: int) -> float:
    """Seconds from boot to the process's start (proc(5), field 22)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[19]) / os.sysconf("SC_CLK_TCK")


def _resident_bytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(each for each in status.splitlines() if each.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main()
