"""The logs on disk: of components, of pods and of the steps of `make up`.

Pods' logs are read where the kubelet wrote them, so they are there when nothing runs any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from local.bundle.entry import Entry
from local.paths import ClusterPaths

TAIL_BYTES = 1_000_000  # of each file: what led to the trouble stands at the end


def component_logs(paths: ClusterPaths) -> Iterator[Entry]:
    """What each component wrote last, and what the supervisor of all did."""
    for file in sorted(paths.logs.glob("*/current")):
        yield Entry(f"logs/components/{file.parent.name}.log", tail(file))
    sandbox = paths.logs / "sandbox.log"
    if sandbox.exists():
        yield Entry("logs/components/sandbox.log", tail(sandbox))


def step_logs(paths: ClusterPaths) -> Iterator[Entry]:
    """The logs of the last `make up`, a file per step."""
    for file in sorted((paths.logs / "up").glob("*.log")):
        yield Entry(f"logs/up/{file.name}", tail(file))


def pod_logs(paths: ClusterPaths) -> Iterator[Entry]:
    """The logs of all containers that the node still keeps, also of earlier runs of each."""
    pods = paths.root / "var-log" / "pods"
    for file in sorted(pods.glob("*/*/*.log")):
        container = file.parent
        namespace, pod, _ = container.parent.name.split("_")
        yield Entry(f"logs/pods/{namespace}/{pod}/{container.name}.{file.name}", tail(file))


def tail(file: Path) -> str:
    """The last whole lines of a file, `TAIL_BYTES` at most."""
    with file.open("rb") as opened:
        size = opened.seek(0, 2)
        opened.seek(max(0, size - TAIL_BYTES))
        content = opened.read()
    if size > TAIL_BYTES:
        # Not the rest of a line: half a secret would not be recognised.
        content = content.partition(b"\n")[2]
    return content.decode(errors="replace")
