"""Fixtures of all tests: one real training, tiny models, servers on ports of their own."""

import logging
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from fixture_types import AddVersion, Eventually, Exported, Serve, Served
from model.conformance.reference_model import write_version
from model.export.builtin import export_digits
from model.server.app import ModelServer
from model.server.flags import Flags
from serving_client import Client

WAIT_SECONDS = 20.0


@pytest.fixture(autouse=True)
def root_logging() -> Iterator[None]:
    """Commands under test send logs to a stderr that ends with the test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    lines: list[str] = []
    started = time.monotonic()
    folder = export_digits(tmp_path_factory.mktemp("export"), "digits", 1, lines.append)
    return Exported(folder=folder, lines=lines, seconds=time.monotonic() - started)


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Version N of the tiny model, which multiplies by N; made once per session."""
    folder = tmp_path_factory.mktemp("tiny")

    def tiny_model(version: int) -> Path:
        path = folder / str(version)
        if not path.exists():
            write_version(path, float(version))
        return path

    return tiny_model


@pytest.fixture
def base_path(tmp_path: Path) -> Path:
    """The folder that the tiny model's versions are served from."""
    path = tmp_path / "models" / "tiny"
    path.mkdir(parents=True)
    return path


@pytest.fixture
def add_version(base_path: Path, tiny_models: Callable[[int], Path]) -> AddVersion:
    """Put a version into the base path at once, by rename."""

    def add(version: int, base_path: Path = base_path) -> Path:
        incoming = base_path / f".incoming-{version}"
        shutil.copytree(tiny_models(version), incoming)
        return incoming.rename(base_path / str(version))

    return add


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@pytest.fixture
def serve(base_path: Path, port: int) -> Iterator[Serve]:
    """Start a server with these flags, ready when it returns (unless `wait=False`)."""
    running: list[Served] = []

    def start(*, wait: bool = True, **flags: Any) -> Served:
        defaults: dict[str, Any] = {
            "port": port,
            "model_name": "tiny",
            "model_base_path": str(base_path),
            "tensorflow_session_parallelism": 1,
            "grpc_max_threads": 4,
            "max_num_load_retries": 0,
        }
        server = ModelServer(Flags(**(defaults | flags)))
        served = Served(server=server, client=Client(port), port=port)
        running.append(served)
        if wait:
            server.start()
        else:
            Thread(target=server.start, daemon=True).start()
        return served

    yield start
    for served in running:
        served.client.close()
        served.server.stop(grace_seconds=0)


@pytest.fixture
def eventually() -> Eventually:
    """Wait until a condition holds; fail when it doesn't in time."""

    def wait_for(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"didn't happen within {WAIT_SECONDS} s"
            time.sleep(0.02)

    return wait_for
