"""local/cluster/cgroups.py: a node gets the controllers that it needs, or it is said why not."""

from pathlib import Path

import pytest

from local.cluster import cgroups
from local.cluster.cgroups import create_cgroups
from local.errors import LocalError


def unified(folder: Path, monkeypatch: pytest.MonkeyPatch, *, handed_down: str) -> Path:
    """A hierarchy of cgroup v2, and the node's cgroup in it as the kernel shows it."""
    node = folder / "node"
    node.mkdir()
    (folder / "cgroup.controllers").write_text("cpuset cpu io memory pids\n")
    (node / "cgroup.controllers").write_text(handed_down)
    mounts = folder / "mountinfo"
    mounts.write_text(f"33 24 0:28 / {folder} rw,nosuid - cgroup2 cgroup2 rw\n")
    monkeypatch.setattr(cgroups, "_MOUNTS", mounts)
    return node


def test_controllers_are_handed_on_to_pods(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = unified(tmp_path, monkeypatch, handed_down="cpu memory pids\n")
    create_cgroups("node")
    assert (node / "cgroup.subtree_control").read_text() == "+pids"  # the last of them


def test_a_hybrid_machine_keeps_them_in_v1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its v2 half may have some all the same, such as hugetlb."""
    node = unified(tmp_path, monkeypatch, handed_down="hugetlb\n")
    memory = tmp_path / "memory"
    memory.mkdir()
    with (tmp_path / "mountinfo").open("a") as mounts:
        mounts.write(f"34 24 0:29 / {memory} rw,nosuid - cgroup cgroup rw,memory\n")
    create_cgroups("node")
    assert node.exists()
    assert (memory / "node").exists()


def test_a_container_that_keeps_them_is_told_how_to_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kubelet would say only, minutes later, that it misses them."""
    unified(tmp_path, monkeypatch, handed_down="cpu\n")
    with pytest.raises(LocalError, match=r"memory, pids of .*: .*--cgroupns=host"):
        create_cgroups("node")
