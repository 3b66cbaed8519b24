"""What the embedded model server costs on top of TensorFlow, and what batching gains.

Needs no cluster. The server, and the direct calls that it is compared with, have one core and one
thread; the load has another core. Figures are medians; both sides of a comparison take turns, round
by round, so that a busy machine hits both.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.images.services import MODEL
from local.models import REQUIREMENTS, ensure_model
from local.paths import cache_dir
from local.progress import Progress
from local.venvs import ensure_venv

GOAL_XCEPTION_RATIO = 0.85

SERVER_CORE = 0
LOAD_CORE = 1
THREADS = 1
CLIENTS = 32
# Enough for all clients to wait in a batch at the same time.
GRPC_THREADS = 2 * CLIENTS
BATCHING = """
max_batch_size { value: 16 }
batch_timeout_micros { value: 0 }
max_enqueued_batches { value: 100 }
num_batch_threads { value: 1 }
"""
MILLISECONDS = 1000


@dataclass(frozen=True)
class Worker:
    """A process of `model.bench`, which measures when a line tells it how much."""

    process: subprocess.Popen[str]

    def measure(self, *amounts: int) -> Any:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(" ".join(map(str, amounts)) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("a measuring process ended early; see its messages above")
        return json.loads(line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cluster", help="not used: no cluster is needed")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each side (default: 7)")
    arguments = parser.parse_args()
    if len(os.sched_getaffinity(0)) < 2:
        raise SystemExit("needs two cores: one for the server, one for the load")
    progress = Progress(cache_dir() / "logs")
    with progress.step("model", "looking for packages and the digits model") as step:
        python = ensure_venv("model", REQUIREMENTS, step)
        models, _ = ensure_model(step)
    with tempfile.TemporaryDirectory(prefix="model-server-") as folder:
        work = Path(folder)
        with progress.step("model", "writing Xception"):
            _write_xception(python, work / "xception" / "1")
        print(f"\nload average {os.getloadavg()[0]:.2f}, medians of {arguments.rounds} rounds")
        _compare_with_direct(python, work, "xception", work / "xception", arguments.rounds, 5)
        _compare_with_direct(python, work, "digits", models / "digits", arguments.rounds, 200)
        _compare_batching(python, work, models / "digits", arguments.rounds)
        print(f"load average at the end {os.getloadavg()[0]:.2f}")


def _compare_with_direct(
    python: Path, work: Path, model: str, base_path: Path, rounds: int, calls: int
) -> None:
    """One client at a time: the time of a request next to the time of a direct call."""
    version = max(base_path.iterdir(), key=lambda path: int(path.name))
    with ExitStack() as stack:
        direct = stack.enter_context(_direct(python, version))
        address = stack.enter_context(_server(python, work, model, base_path))
        load = stack.enter_context(_load(python, address, model))
        direct.measure(2)  # whatever is set up in the first calls
        load.measure(1, 2)
        direct_rounds, served_rounds = [], []
        for _ in range(rounds):
            direct_rounds.append(direct.measure(calls))
            served_rounds.append(load.measure(1, calls)["seconds"])
    goal = f"  (goal: at least {GOAL_XCEPTION_RATIO})" if model == "xception" else ""
    print(f"\n{model}: one request at a time, {THREADS} thread    median      fastest")
    once, served = _median_and_fastest(direct_rounds), _median_and_fastest(served_rounds)
    pairs = list(zip(once, served, strict=True))
    _row("direct call", once, " ms")
    _row("request over gRPC", served, " ms")
    _row("added", [after - before for before, after in pairs], " ms")
    _row("speed of direct calls", [before / after for before, after in pairs], goal)


def _median_and_fastest(rounds: list[list[float]]) -> tuple[float, float]:
    """Milliseconds; on a busy machine the fastest call is the one that nothing interrupted."""
    median = statistics.median(statistics.median(seconds) for seconds in rounds)
    return median * MILLISECONDS, min(map(min, rounds)) * MILLISECONDS


def _row(name: str, values: Sequence[float], unit: str) -> None:
    print(f"  {name:<28}" + "".join(f"{value:13.2f}" for value in values) + unit)


def _compare_batching(python: Path, work: Path, base_path: Path, rounds: int) -> None:
    parameters = work / "batching.config"
    parameters.write_text(BATCHING)
    batching = ["--enable_batching=true", f"--batching_parameters_file={parameters}"]
    with ExitStack() as stack:
        loads = {}
        for name, flags in (("without batching", []), ("with batching", batching)):
            address = stack.enter_context(_server(python, work, "digits", base_path, *flags))
            loads[name] = stack.enter_context(_load(python, address, "digits"))
            loads[name].measure(CLIENTS, 5)
        results: dict[str, list[tuple[float, float]]] = {name: [] for name in loads}
        for _ in range(rounds):
            for name, load in loads.items():
                measured = load.measure(CLIENTS, 50)
                rate = len(measured["seconds"]) / measured["wall"]
                results[name].append((rate, statistics.median(measured["seconds"])))
    print(f"\ndigits: {CLIENTS} clients")
    rates = []
    for name, measures in results.items():
        rates.append(statistics.median(rate for rate, _ in measures))
        latency = statistics.median(seconds for _, seconds in measures)
        print(f"  {name:<22}{rates[-1]:9.0f} requests/s  {latency * MILLISECONDS:9.2f} ms each")
    print(f"  with against without    {rates[1] / rates[0]:9.2f}")


def _write_xception(python: Path, folder: Path) -> None:
    command = [str(python), "-m", "model.bench.xception", str(folder)]
    done = subprocess.run(command, cwd=MODEL, env=_quiet(), capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{done.stderr}\nXception could not be written")


@contextmanager
def _direct(python: Path, folder: Path) -> Iterator[Worker]:
    arguments = ["-m", "model.bench.direct", str(folder), str(THREADS)]
    with _worker(python, SERVER_CORE, *arguments) as worker:
        yield worker


@contextmanager
def _load(python: Path, address: str, model: str) -> Iterator[Worker]:
    with _worker(python, LOAD_CORE, "-m", "model.bench.load", address, model) as worker:
        yield worker


@contextmanager
def _worker(python: Path, core: int, *arguments: str) -> Iterator[Worker]:
    process = subprocess.Popen(
        ["taskset", "--cpu-list", str(core), str(python), *arguments],
        cwd=MODEL,
        env=_quiet(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        if process.stdout.readline() != "ready\n":
            raise SystemExit(f"{' '.join(arguments)} did not start; see its messages above")
        yield Worker(process)
    finally:
        process.kill()
        process.communicate()


@contextmanager
def _server(python: Path, work: Path, model: str, base_path: Path, *flags: str) -> Iterator[str]:
    """Yields its address; the load waits until it answers."""
    port = _free_port()
    with (work / "server.log").open("a") as log:
        process = subprocess.Popen(
            [
                *("taskset", "--cpu-list", str(SERVER_CORE)),
                *(str(python), "bin/tensorflow_model_server"),
                f"--port={port}",
                f"--model_name={model}",
                f"--model_base_path={base_path}",
                f"--tensorflow_session_parallelism={THREADS}",
                f"--grpc_max_threads={GRPC_THREADS}",
                *flags,
            ],
            cwd=MODEL,
            env=_quiet() | {"PYTHONPATH": str(MODEL)},
            stdout=log,
            stderr=log,
        )
        try:
            yield f"127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _quiet() -> dict[str, str]:
    """Without TensorFlow's notes on the CPU."""
    return {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"}


if __name__ == "__main__":
    main()
