"""The node's own cgroup, at the root of every hierarchy of cgroup v1 or of the one of v2."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from local.errors import LocalError

_MOUNTS = Path("/proc/self/mountinfo")
_REMOVE_TIMEOUT_SECONDS = 10.0
_NEEDED = ("cpu", "memory", "pids")  # by the kubelet


def create_cgroups(name: str) -> None:
    """Makes the node's cgroup and lets it hand out CPU, memory and processes.

    Raises `LocalError` where it may not.
    """
    hierarchies = list(_hierarchies())
    is_hybrid = any(version == 1 for _, version in hierarchies)
    for hierarchy, version in hierarchies:
        cgroup = hierarchy / name
        cgroup.mkdir(exist_ok=True)
        if version == 2:
            _delegate(hierarchy)
            if not is_hybrid:  # else v1 has them
                _require_controllers(hierarchy, cgroup)
            _delegate(cgroup)
        # A v1 cpuset starts empty, and an empty one takes no process.
        for file in ("cpuset.cpus", "cpuset.mems"):
            if version == 1 and (cgroup / file).exists():
                (cgroup / file).write_text((hierarchy / file).read_text())


def holds_processes(name: str) -> bool:
    """Whether anything runs in the node's cgroup, also in PID namespaces that we don't see."""
    return any(
        "populated 1" in _text(hierarchy / name / "cgroup.events")
        # cgroup.procs of v1 leaves out the processes of other PID namespaces; this counts all.
        or _text(hierarchy / name / "pids.current").strip() not in ("", "0")
        for hierarchy, _ in _hierarchies()
    )


def remove_cgroups(name: str) -> None:
    """Removes the node's cgroup with all below it. Raises `LocalError` while a process is in it."""
    for hierarchy, _ in _hierarchies():
        deadline = time.monotonic() + _REMOVE_TIMEOUT_SECONDS
        while (hierarchy / name).exists():
            _remove_tree(hierarchy / name)
            if time.monotonic() > deadline:
                raise LocalError(f"cgroup {hierarchy / name} can't be removed: it is still in use")
            time.sleep(0.05)


def _hierarchies() -> Iterator[tuple[Path, int]]:
    for line in _MOUNTS.read_text().splitlines():
        mount, _, filesystem = line.partition(" - ")
        kind = filesystem.split()[0]
        path = Path(mount.split()[4])
        if kind == "cgroup":
            yield path, 1
        elif kind == "cgroup2" and (path / "cgroup.controllers").read_text().strip():
            yield path, 2  # without controllers it is the idle half of a hybrid layout


def _text(file: Path) -> str:
    """What the file says; nothing where there is none, or when its cgroup goes as we look."""
    try:
        return file.read_text()
    except OSError:
        return ""


def _delegate(cgroup: Path) -> None:
    for controller in (cgroup / "cgroup.controllers").read_text().split():
        with contextlib.suppress(OSError):  # one that can't be delegated is no reason to stop
            (cgroup / "cgroup.subtree_control").write_text(f"+{controller}")


def _require_controllers(hierarchy: Path, cgroup: Path) -> None:
    """https://docs.kernel.org/admin-guide/cgroup-v2.html#no-internal-process-constraint"""
    given = (cgroup / "cgroup.controllers").read_text().split()
    missing = [controller for controller in _NEEDED if controller not in given]
    if missing:
        raise LocalError(
            f"a node needs the controllers {', '.join(missing)} of {hierarchy}: cgroup v2 hands "
            "none down from a cgroup that has processes, as a container's own root; start the "
            "container with the machine's: docker run --privileged --cgroupns=host"
        )


def _remove_tree(cgroup: Path) -> None:
    for folder in sorted(cgroup.rglob("*/"), key=lambda each: len(each.parts), reverse=True):
        with contextlib.suppress(OSError):  # its processes may need a moment to be gone
            folder.rmdir()
    with contextlib.suppress(OSError):
        cgroup.rmdir()
