"""The logs of components, pods and steps, as they lie on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.bundle import logs
from local.paths import ClusterPaths


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


class TestLogs:
    """Each is found, and named after what wrote it."""

    def test_components_and_their_supervisor(self, tmp_path: Path) -> None:
        _write(tmp_path / "logs" / "etcd" / "current", "ready\n")
        _write(tmp_path / "logs" / "sandbox.log", "started\n")
        found = {each.path: each.text for each in logs.component_logs(ClusterPaths(tmp_path))}
        assert found == {
            "logs/components/etcd.log": "ready\n",
            "logs/components/sandbox.log": "started\n",
        }

    def test_pods_by_namespace_pod_and_container(self, tmp_path: Path) -> None:
        folder = tmp_path / "var-log" / "pods" / "image-serving_gateway-a_1234-5678" / "gateway"
        _write(folder / "0.log", "first life\n")
        _write(folder / "1.log", "second life\n")
        found = {each.path: each.text for each in logs.pod_logs(ClusterPaths(tmp_path))}
        assert found == {
            "logs/pods/image-serving/gateway-a/gateway.0.log": "first life\n",
            "logs/pods/image-serving/gateway-a/gateway.1.log": "second life\n",
        }

    def test_steps_of_make_up(self, tmp_path: Path) -> None:
        _write(tmp_path / "logs" / "up" / "images.log", "built\n")
        [found] = logs.step_logs(ClusterPaths(tmp_path))
        assert (found.path, found.text) == ("logs/up/images.log", "built\n")

    def test_a_cluster_that_never_ran_has_none(self, tmp_path: Path) -> None:
        paths = ClusterPaths(tmp_path)
        assert [*logs.component_logs(paths), *logs.pod_logs(paths), *logs.step_logs(paths)] == []


class TestTail:
    """Only the end of a large file, and only whole lines."""

    def test_a_cut_line_is_left_out(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(logs, "TAIL_BYTES", 10)
        (tmp_path / "log").write_text("password-is-cut\nlast one\n")
        assert logs.tail(tmp_path / "log") == "last one\n"

    def test_a_small_file_is_whole(self, tmp_path: Path) -> None:
        (tmp_path / "log").write_bytes(b"one\ntwo \xff\n")
        assert logs.tail(tmp_path / "log") == "one\ntwo \N{REPLACEMENT CHARACTER}\n"
