"""Checks of the space on the file systems of cache, Go's own cache and state."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

from local.paths import ClusterPaths, xdg_folder
from local.preconditions.finding import Finding
from local.preconditions.machine import GIB, Machine
from local.preconditions.plan import Plan

SPARE_BYTES = GIB // 2  # temporary files, logs, and room to breathe


def space(machine: Machine, name: str, plan: Plan) -> Finding:
    """Folders that share a file system share its space."""
    needs = (
        (xdg_folder("XDG_CACHE_HOME", ".cache"), plan.cache_bytes, "XDG_CACHE_HOME"),
        (_go_cache(), plan.go_cache_bytes, "GOCACHE and GOPATH"),
        (ClusterPaths.of(name).root, plan.state_bytes, "XDG_STATE_HOME"),
    )
    needed: dict[int, int] = defaultdict(lambda: SPARE_BYTES)
    for folder, size, _ in needs:
        needed[machine.file_system(folder)] += size
    found = []
    for folder, _, variable in needs:
        free = machine.free_bytes(folder)
        need = needed[machine.file_system(folder)]
        found.append(f"{folder}: {free / GIB:.1f} GiB free, {need / GIB:.1f} needed")
        if free < need:
            return Finding(
                found[-1],
                f"{free / GIB:.1f} GiB are free for {folder}, and the next `make up` needs "
                f"{need / GIB:.1f} GiB there; free some, or set {variable} to another place",
            )
    return Finding("; ".join(found))


def _go_cache() -> Path:
    """Go's default is os.UserCacheDir of its library."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("GOCACHE") or caches / "go-build")


def explain_full_disk(machine: Machine, name: str) -> str:
    """The line for a run that failed since nothing could be written any more."""
    folders = (
        (xdg_folder("XDG_CACHE_HOME", ".cache"), "cache", "XDG_CACHE_HOME"),
        (ClusterPaths.of(name).root, "state", "XDG_STATE_HOME"),
    )
    folder, what, variable = min(folders, key=lambda each: machine.free_bytes(each[0]))
    free = machine.free_bytes(folder) / GIB
    return (
        f"no space left for the {what} folder {folder} ({free:.2f} GiB free); free some or set "
        f"{variable} to another place, then run `make up` again: it goes on from here"
    )
