"""One at a time on a cluster; one at a time on each product of the cache."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.errors import LocalError
from local.locks import cluster_holder, cluster_lock, product_lock
from local.paths import REPO, state_root

_HOLD_CLUSTER = """
import sys, time
from local.locks import cluster_lock
with cluster_lock("one", "make up"):
    print("held", flush=True)
    time.sleep(9)
"""
_HOLD_PRODUCT_WITH_A_CHILD = """
import subprocess, time
from local.locks import product_lock
with product_lock("kubelet", print):
    child = subprocess.Popen(["sleep", "9"], close_fds=False)
    print(child.pid, flush=True)
    time.sleep(9)
"""


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def _start(program: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPO)},
    )


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.fixture
def other() -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock of cluster `one`."""
    process = _start(_HOLD_CLUSTER)
    assert _first_line(process) == "held"
    yield process
    process.kill()
    process.communicate()


class TestClusterLock:
    """Two verbs never change one cluster at the same time."""

    def test_the_second_is_told_who_the_first_is(self, other: subprocess.Popen[str]) -> None:
        with pytest.raises(LocalError) as caught, cluster_lock("one", "make down"):
            pass
        assert f"`make up` (process {other.pid}) works on cluster 'one'" in str(caught.value)
        assert f"kill -INT {other.pid}" in str(caught.value)

    def test_another_cluster_is_not_concerned(self, other: subprocess.Popen[str]) -> None:
        with cluster_lock("two", "make up"):
            assert cluster_holder("two") is not None

    def test_a_killed_holder_holds_nothing(self, other: subprocess.Popen[str]) -> None:
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert cluster_holder("one") is None
        with cluster_lock("one", "make up"):
            pass

    def test_a_refused_run_leaves_no_trace(self) -> None:
        with cluster_lock("one", "make up"):
            assert (state_root() / "one").is_dir()
        assert not (state_root() / "one").exists()

    def test_a_state_folder_that_is_purged_under_it_is_no_error(self) -> None:
        with cluster_lock("one", "make down"):
            (state_root() / "one" / "lock").unlink()
            (state_root() / "one").rmdir()


class TestProductLock:
    """A product is made once, though two ask for it at once."""

    def test_what_a_killed_maker_started_still_holds_it(self) -> None:
        maker = _start(_HOLD_PRODUCT_WITH_A_CHILD)
        child = int(_first_line(maker))
        maker.kill()
        maker.wait()
        said: list[str] = []

        def end_the_child(line: str) -> None:
            said.append(line)
            os.kill(child, signal.SIGKILL)

        with product_lock("kubelet", end_the_child):
            pass
        assert said == [f"waiting for `make up` (process {maker.pid}), which makes kubelet"]
        assert maker.stdout is not None
        maker.stdout.close()
