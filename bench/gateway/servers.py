"""The servers side by side, and what stands around them."""

from __future__ import annotations

import re
import shlex
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.gateway.cores import Cores
from bench.gateway.course.classes import CLASSES
from bench.gateway.processes import Peer, cpu_seconds, start, tree
from local.images.services import GATEWAY
from local.paths import REPO

START_SECONDS = 60
# Of the gateway, so that a busy machine costs it time and not answers; the course's has none.
TIME_LIMITS = {
    "GATEWAY_REQUEST_TIMEOUT_SECONDS": "60",
    "GATEWAY_FETCH_TIMEOUT_SECONDS": "60",
    "GATEWAY_FETCH_READ_TIMEOUT_SECONDS": "60",
    "GATEWAY_DECODE_TIMEOUT_SECONDS": "60",
}
MODEL_NAME = "clothing-model"


@dataclass(frozen=True)
class Server:
    """One that answers POST /predict."""

    port: int
    process: subprocess.Popen[str]

    def pids(self) -> list[int]:
        """Its main process first."""
        return tree(self.process.pid)


@dataclass(frozen=True)
class Around:
    """Load, image source and model, for one size of the model."""

    size: int
    load: Peer
    source: Peer
    source_port: int
    model: Peer
    model_port: int

    def url(self, file: str) -> str:
        return f"http://127.0.0.1:{self.source_port}/{file}"

    def cpu_seconds(self) -> float:
        """That the three have taken."""
        return cpu_seconds([each.process.pid for each in (self.load, self.source, self.model)])


@dataclass(frozen=True, kw_only=True)
class Contest:
    """All that takes part in a comparison, started for one size of the model."""

    around: Around
    course: Server
    gateway: Server
    loops: Sequence[Peer]
    shared: bool  # do load, source and model take their time from the servers' cores?


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where servers are started: interpreters, cores, the folders of pictures and logs.

    `resize_filter` is what the model describes; the course's gateway knows only its own, NEAREST.
    """

    gateway_python: Path
    course_python: Path
    cores: Cores
    pictures: Path
    logs: Path
    resize_filter: str

    @contextmanager
    def contest(self, size: int) -> Iterator[Contest]:
        with (
            self.around(size) as around,
            self.course(around) as course,
            self.gateway(around) as gateway,
            self.loops(size) as loops,
        ):
            yield Contest(
                around=around,
                course=course,
                gateway=gateway,
                loops=loops,
                shared=self.cores.shared,
            )

    @contextmanager
    def around(self, size: int) -> Iterator[Around]:
        with ExitStack() as stack:
            cores = self.cores.around
            load = stack.enter_context(self._peer(cores, "load"))
            load.answer()
            source = stack.enter_context(self._peer(cores, "source", self.pictures))
            model = stack.enter_context(self._peer(cores, "model", size))
            yield Around(size, load, source, source.answer(), model, model.answer())

    @contextmanager
    def loops(self, size: int) -> Iterator[list[Peer]]:
        """Bare loops, one for each core of the servers."""
        with ExitStack() as stack:
            cores = self.cores.servers
            peers = [
                stack.enter_context(
                    self._peer(cores, "limit", self.pictures, size, self.resize_filter)
                )
                for _ in cores
            ]
            for each in peers:
                each.answer()
            yield peers

    def write_pictures(self) -> None:
        with self._peer(self.cores.around, "pictures", self.pictures) as peer:
            peer.process.communicate()
            if peer.process.returncode != 0:
                raise SystemExit("the pictures could not be written; see the messages above")

    @contextmanager
    def gateway(self, around: Around) -> Iterator[Server]:
        """Ours, as its image starts it, with a decoding worker more than cores.

        A pod of one core has two by default: one works while the other's answer is on its way.
        """
        port = free_port()
        environment = {
            **image_environment(),
            **TIME_LIMITS,
            "GATEWAY_PORT": str(port),
            "GATEWAY_MODEL_TARGET": f"ipv4:127.0.0.1:{around.model_port}",
            "GATEWAY_MODEL_NAME": MODEL_NAME,
            "GATEWAY_MODEL_LABELS": ",".join(CLASSES),
            "GATEWAY_MODEL_RESIZE_FILTER": self.resize_filter,
            "GATEWAY_FETCH_ALLOWED_NETWORKS": "127.0.0.1/32",
            "GATEWAY_DECODE_WORKERS": str(len(self.cores.servers) + 1),
        }
        command = [self.gateway_python, "-m", "gateway"]
        with self._server("gateway", command, GATEWAY, environment, port) as server:
            _wait_until(lambda: _answers(f"http://127.0.0.1:{port}/readyz"))
            yield server

    @contextmanager
    def course(self, around: Around) -> Iterator[Server]:
        """The course's, with a sync worker for each core."""
        port = free_port()
        environment = {
            "SERVING_TARGET": f"127.0.0.1:{around.model_port}",
            "MODEL_SIZE": str(around.size),
            "GRPC_VERBOSITY": "ERROR",
        }
        command = [
            *(self.course_python, "-m", "gunicorn", f"--bind=127.0.0.1:{port}"),
            *(f"--workers={len(self.cores.servers)}", "bench.gateway.course.app:app"),
        ]
        with self._server("course", command, REPO, environment, port) as server:
            # Any answer at all, once every worker has imported the application.
            _wait_until(lambda: _answers(f"http://127.0.0.1:{port}/", 404))
            yield server

    @contextmanager
    def _server(
        self, name: str, command: list[Any], folder: Path, environment: dict[str, str], port: int
    ) -> Iterator[Server]:
        cores = self.cores.servers
        with (
            (self.logs / f"{name}.log").open("a") as log,
            start(command, cores=cores, folder=folder, environment=environment, log=log) as process,
        ):
            yield Server(port, process)

    @contextmanager
    def _peer(self, cores: tuple[int, ...], name: str, *arguments: Any) -> Iterator[Peer]:
        command = [self.gateway_python, "-m", f"peers.{name}", *arguments]
        # The tests' pictures are used here, too.
        environment = {**image_environment(), "PYTHONPATH": str(GATEWAY / "tests")}
        with start(command, cores=cores, folder=GATEWAY, environment=environment) as process:
            yield Peer(process)


def image_environment() -> dict[str, str]:
    """What the gateway's image sets, but for the PATH."""
    [block] = re.findall(r"^ENV ((?:.*\\\n)*.*)$", (GATEWAY / "Dockerfile").read_text(), re.M)
    pairs = (each.split("=", 1) for each in shlex.split(block.replace("\\\n", " ")))
    return {name: value for name, value in pairs if name != "PATH"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(url: str, status: int = 200) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as response:
            found: int = response.status
    except urllib.error.HTTPError as error:
        found = error.code
    except OSError:
        return False
    return found == status


def _wait_until(condition: Any) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"a server was not ready within {START_SECONDS} s; see its log")
        time.sleep(0.05)
