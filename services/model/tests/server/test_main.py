"""The executable, as a pod starts it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from fixture_types import AddVersion
from serving_client import Client

ROOT = Path(__file__).parents[2]
SECONDS = 60


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        process.kill()
        process.communicate()


def start(started: list[subprocess.Popen[str]], *arguments: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "bin" / "tensorflow_model_server"), *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    started.append(process)
    return process


def json_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_it_says_what_it_is_serves_and_stops_on_sigterm(
    started: list[subprocess.Popen[str]],
    add_version: AddVersion,
    base_path: Path,
    port: int,
) -> None:
    add_version(4)
    process = start(
        started, f"--port={port}", "--model_name=tiny", f"--model_base_path={base_path}", "--odd=1"
    )
    client = Client(port)
    grpc.channel_ready_future(client.channel).result(timeout=SECONDS)
    assert client.factor() == 4
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    messages = [line["message"] for line in json_lines(stderr)]
    assert "stand-in for tensorflow/serving" in messages[0]
    assert messages[1] == "unknown argument: --odd=1"
    assert messages[-1] == "stopping"
    client.close()


def _waiting_for_a_model(
    started: list[subprocess.Popen[str]], tmp_path: Path, port: int
) -> subprocess.Popen[str]:
    process = start(started, f"--port={port}", f"--model_base_path={tmp_path}/missing")
    assert process.stderr is not None
    while "Could not find base path" not in process.stderr.readline():
        assert process.poll() is None
    return process


def test_sigterm_ends_the_wait_for_a_model(
    started: list[subprocess.Popen[str]], tmp_path: Path, port: int
) -> None:
    process = _waiting_for_a_model(started, tmp_path, port)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=SECONDS)
    assert process.returncode == 0


def test_it_goes_on_after_a_pause(
    started: list[subprocess.Popen[str]], tmp_path: Path, port: int
) -> None:
    process = _waiting_for_a_model(started, tmp_path, port)
    process.send_signal(signal.SIGSTOP)
    time.sleep(0.5)
    process.send_signal(signal.SIGCONT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    [stop] = [line for line in json_lines(stderr) if line["message"] == "stopping"]
    assert stop["signal"] == "SIGTERM"  # and of nothing before


def test_a_failed_start_is_exit_code_255(
    started: list[subprocess.Popen[str]], tmp_path: Path, port: int
) -> None:
    (tmp_path / "1").mkdir()
    process = start(
        started, f"--port={port}", f"--model_base_path={tmp_path}", "--max_num_load_retries=0"
    )
    _, stderr = process.communicate(timeout=SECONDS)
    assert process.returncode == 255
    assert json_lines(stderr)[-1]["message"].startswith(
        "Failed to start server. Error: UNKNOWN: 1 model(s) did not become available: "
        "{{{name: default version: 1} due to error: NOT_FOUND: Could not find SavedModel"
    )


@pytest.mark.parametrize(
    ("arguments", "exit_code", "shown"),
    [
        (["--port=http", "--model_base_path=/m"], 255, "Couldn't interpret value http"),
        (["--port=8500"], 255, "one of --model_base_path and --model_config_file is needed"),
        (["--help"], 0, "usage: tensorflow_model_server"),
        (["--version"], 0, "TensorFlow Library: 2."),
    ],
)
def test_flags_are_answered_at_once(
    started: list[subprocess.Popen[str]], arguments: list[str], exit_code: int, shown: str
) -> None:
    process = start(started, *arguments)
    stdout, stderr = process.communicate(timeout=SECONDS)
    assert process.returncode == exit_code
    assert shown in stdout + stderr
    assert exit_code == 0 or "\nFlags:\n" in stderr
