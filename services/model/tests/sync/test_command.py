"""`python -m model sync` as a pod runs it: a process, its log lines and its exit code."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fixture_types import Eventually
from sync.versions import content, names, write_version

SERVICE = Path(__file__).parents[2]
Arguments = tuple[str | Path, ...]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "image" / "digits"
    write_version(path, 1)
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "volume" / "digits"


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "model", "sync", *map(str, arguments)]


def run(*arguments: str | Path) -> tuple[int, list[dict[str, Any]]]:
    """Its exit code and log entries."""
    done = subprocess.run(
        command(*arguments), cwd=SERVICE, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, [json.loads(line) for line in done.stderr.splitlines()]


class TestOnce:
    """Every line is JSON; the last one sums up; the exit code says whether all is well."""

    def test_in_sync(self, source: Path, target: Path) -> None:
        code, entries = run("--source", source, "--target", target)
        assert code == 0
        summary = entries[-1]
        assert summary["message"] == "volume is in sync"
        assert (summary["copied"], summary["versions"], summary["bytes"]) == ([1], [1], 12)
        assert summary["seconds"] > 0

    def test_a_failure(self, source: Path, target: Path) -> None:
        (source / "2").mkdir()
        code, entries = run("--source", source, "--target", target)
        assert code == 1
        assert [entry["level"] for entry in entries[-2:]] == ["error", "error"]
        assert "2 has no saved_model.pb" in entries[-2]["message"]
        assert entries[-1]["copied"] == [1]

    def test_a_source_that_is_empty(self, tmp_path: Path, target: Path) -> None:
        (tmp_path / "empty" / "latest").mkdir(parents=True)
        code, entries = run("--source", tmp_path / "empty", "--target", target)
        assert code == 1
        assert "no source holds a version" in entries[-1]["message"]

    def test_stale_is_enough_where_it_is_allowed(self, source: Path, target: Path) -> None:
        nowhere: Arguments = ("--source", "/nowhere", "--target", target)
        assert run(*nowhere, "--allow-stale")[0] == 1  # the volume is empty
        run("--source", source, "--target", target)
        assert run(*nowhere)[0] == 1
        assert run(*nowhere, "--allow-stale")[0] == 0

    @pytest.mark.parametrize(
        "wrong",
        [
            ("--source", "/x"),
            ("--source", "/x", "--target", "/y", "--keep", "0"),
            ("--source", "/x", "--target", "/y", "--poll", "soon"),
        ],
    )
    def test_wrong_usage(self, wrong: Arguments) -> None:
        done = subprocess.run(
            command(*wrong), cwd=SERVICE, capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert "usage: " in done.stderr

    def test_an_address_that_is_none(self, target: Path) -> None:
        code, entries = run("--source", "s3:///digits", "--target", target)
        assert code == 1
        assert "is no s3://bucket/prefix" in entries[-1]["message"]


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    processes: list[subprocess.Popen[str]] = []

    def begin(*arguments: str | Path) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            command(*arguments), cwd=SERVICE, stderr=subprocess.PIPE, text=True
        )
        processes.append(process)
        return process

    yield begin
    for process in processes:
        process.kill()
        process.communicate()


class TestPoll:
    """Beside a server: new versions arrive, failures pass, a signal ends it at once."""

    @pytest.fixture
    def polling(self, source: Path, target: Path, port: int, start: Start) -> "Polling":
        arguments: Arguments = ("--source", source, "--target", target, "--poll", "1")
        return Polling(start(*arguments, "--metrics-port", str(port)), port)

    def test_a_new_version_arrives(
        self, polling: "Polling", source: Path, target: Path, eventually: Eventually
    ) -> None:
        eventually(lambda: (target / "1").exists())
        write_version(source, 2, b"better weights")
        eventually(lambda: (target / "2").exists())
        assert content(target / "2") == content(source / "2")

    def test_a_failure_passes(
        self, polling: "Polling", source: Path, target: Path, eventually: Eventually
    ) -> None:
        eventually(lambda: (target / "1").exists())
        source.rename(source.with_name("away"))
        eventually(lambda: polling.metric('model_sync_rounds_total{ok="false"}') >= 2)
        write_version(source.with_name("away"), 2)
        source.with_name("away").rename(source)
        eventually(lambda: (target / "2").exists())
        code, entries = polling.stop()
        assert code == 0
        told = [entry["message"] for entry in entries if entry["level"] == "error"]
        assert sum("can't read the source" in message for message in told) == 1

    def test_versions_that_a_server_still_needs_are_told_once(
        self, source: Path, target: Path, port: int, start: Start, eventually: Eventually
    ) -> None:
        for version in (1, 2):
            write_version(target, version)
        arguments: Arguments = ("--source", source, "--target", target, "--keep", "1")
        away = ("--server-url", "http://127.0.0.1:9/v1/models/digits")
        poll = ("--poll", "1", "--metrics-port", str(port))
        polling = Polling(start(*arguments, *away, *poll), port)
        eventually(lambda: polling.metric('model_sync_rounds_total{ok="true"}') >= 2)
        _, entries = polling.stop()
        told = [entry for entry in entries if "stay for now" in entry["message"]]
        assert ["does not say" in entry["reason"] for entry in told] == [True]
        assert names(target) == ["1", "2"]

    def test_metrics(
        self, polling: "Polling", source: Path, target: Path, eventually: Eventually
    ) -> None:
        write_version(source, 2)
        eventually(lambda: (target / "2").exists())
        eventually(lambda: polling.metric("model_sync_newest_version") == 2)
        assert polling.metric("model_sync_versions") == 2
        assert polling.metric("model_sync_copied_versions_total") == 2
        assert polling.metric("model_sync_copied_bytes_total") == 24
        assert polling.metric("model_sync_round_seconds_sum") > 0
        assert polling.metric("model_sync_volume_free_bytes") > 0
        assert polling.metric("model_sync_last_success_timestamp_seconds") > time.time() - 600

    def test_sigterm_ends_it_with_0(
        self, polling: "Polling", target: Path, eventually: Eventually
    ) -> None:
        eventually(lambda: (target / "1").exists())
        code, entries = polling.stop()
        assert code == 0
        assert (entries[-1]["message"], entries[-1]["signal"]) == ("stopped", "SIGTERM")

    def test_a_taken_port(self, source: Path, target: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("0.0.0.0", 0))
            taken.listen()
            port = str(taken.getsockname()[1])
            poll: Arguments = ("--poll", "1", "--metrics-port", port)
            code, entries = run("--source", source, "--target", target, *poll)
        assert code == 1
        assert f"can't listen on port {port} for metrics" in entries[-1]["message"]


class TestInterruption:
    """Once, a signal is a failure: the volume may lack versions."""

    def test_sigint_in_the_midst_of_a_copy(
        self, source: Path, target: Path, start: Start, eventually: Eventually
    ) -> None:
        os.mkfifo(source.parent / "slow")
        process = start("--source", source, "--target", target, "--labels", source.parent / "slow")
        eventually(lambda: target.exists())
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert names(target) == []


class Polling:
    """A sidecar that runs."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self._process = process
        self._port = port

    def metric(self, name: str) -> float:
        """-1 as long as it doesn't answer."""
        try:
            url = f"http://127.0.0.1:{self._port}/metrics"
            with urllib.request.urlopen(url, timeout=5) as answer:
                lines = answer.read().decode().splitlines()
        except OSError:
            return -1
        return next(float(line.split()[-1]) for line in lines if line.startswith(f"{name} "))

    def stop(self) -> tuple[int, list[dict[str, Any]]]:
        self._process.terminate()
        _, errors = self._process.communicate(timeout=10)
        return self._process.returncode, [json.loads(line) for line in errors.splitlines()]
