"""A cluster for the tests alone, beside the user's: made on first use, removed at the end.

TEST_CLUSTER=name gives it another name, so that two checkouts can be tested on one machine.
"""

from __future__ import annotations

import contextlib
import os
import random
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.cluster.lifecycle import choose_spec, purge, take_down
from local.cluster.spec import load_spec
from local.kubectl import Kubectl
from local.locks import cluster_lock
from local.progress import Progress
from local.up import Ground, prepare_ground

CLUSTER = os.environ.get("TEST_CLUSTER", "test")
_LEAST_PORT = 20_000


@dataclass(frozen=True)
class Cluster:
    """What tests need to talk to the cluster."""

    name: str
    kubeconfig: Path
    kubectl: Kubectl
    pulumi: Path


class Turn:
    """The tests' right to change the test cluster: no verb gets it meanwhile, unless it is lent."""

    def __init__(self) -> None:
        self._held = ExitStack()

    @contextmanager
    def held(self) -> Iterator[None]:
        self._take()
        try:
            yield
        finally:
            self._held.close()

    @contextmanager
    def lent(self) -> Iterator[None]:
        """To the verbs that a test runs as a user does, in processes of their own."""
        self._held.close()
        try:
            yield
        finally:
            self._take()

    def _take(self) -> None:
        self._held.enter_context(cluster_lock(CLUSTER, "make test"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and "ground" in item.fixturenames:
            item.add_marker("cluster")


@pytest.fixture(scope="module", autouse=True)
def path_stays() -> Iterator[None]:
    """What one stack is run with is nothing that the next, or a program of the user's, finds."""
    before = os.environ["PATH"]
    yield
    assert os.environ["PATH"] == before


@pytest.fixture(scope="session")
def turn() -> Turn:
    return Turn()


@pytest.fixture(scope="session")
def ground(turn: Turn) -> Iterator[Ground]:
    """A running cluster with toolchain and images; KEEP_TEST_CLUSTER=1 leaves it for a look."""
    with turn.held():
        _remove_cluster()
    spec = choose_spec(CLUSTER, free_port())
    with turn.held():
        yield prepare_ground(spec, os.environ.get("BASE_IMAGE"), Progress(spec.paths.logs / "up"))
        if not os.environ.get("KEEP_TEST_CLUSTER"):
            _remove_cluster()


@pytest.fixture(scope="session")
def cluster(ground: Ground) -> Cluster:
    return Cluster(
        name=CLUSTER,
        kubeconfig=ground.spec.paths.kubeconfig,
        kubectl=ground.kubectl,
        pulumi=ground.binaries["pulumi"],
    )


def free_port() -> int:
    """Below those that outgoing connections get by chance: it may be minutes until it is used."""
    outgoing = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text()  # ip(7)
    while True:
        port = random.randrange(_LEAST_PORT, int(outgoing.split()[0]))
        with socket.socket() as probe, contextlib.suppress(OSError):  # in use
            probe.bind(("127.0.0.1", port))
            return port


def _remove_cluster() -> None:
    spec = load_spec(CLUSTER)
    if spec is not None:
        take_down(spec)
        purge(spec)
