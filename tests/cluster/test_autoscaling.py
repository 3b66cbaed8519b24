"""The HorizontalPodAutoscaler of the model server, on real load."""

from __future__ import annotations

import contextlib
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.labels import model_workload
from tests.cluster.conftest import Deployed
from tests.cluster.waiting import eventually

_CLIENTS = 3
_REQUEST_TIMEOUT_SECONDS = 20
_LOAD_LIMIT_SECONDS = 240.0


def test_load_brings_a_third_model_server_and_quiet_takes_it_away(deployed: Deployed) -> None:
    eventually(lambda: _ready(deployed) == 2, timeout_seconds=120, what="two model servers")
    with _load(deployed.url, next(deployed.ground.samples.glob("*.png"))):
        eventually(lambda: _ready(deployed) == 3, timeout_seconds=180, what="the third one")
    eventually(lambda: _replicas(deployed) == 2, timeout_seconds=180, what="only two again")
    eventually(lambda: len(_claims(deployed)) == 2, timeout_seconds=120, what="its volume to go")


@contextmanager
def _load(url: str, image: Path) -> Iterator[None]:
    """Some clients that ask again and again, until the block ends or the limit has passed.

    One that gets no answer asks on: what overload costs callers isn't looked at here.
    """
    body = image.read_bytes()
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            request = urllib.request.Request(
                f"{url}/predict", data=body, headers={"Content-Type": "image/png"}
            )
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(request, timeout=_REQUEST_TIMEOUT_SECONDS) as response,
            ):
                response.read()

    clients = [threading.Thread(target=ask, daemon=True) for _ in range(_CLIENTS)]
    limit = threading.Timer(_LOAD_LIMIT_SECONDS, stop.set)
    limit.start()
    for client in clients:
        client.start()
    try:
        yield
    finally:
        limit.cancel()
        stop.set()
        for client in clients:
            client.join(_REQUEST_TIMEOUT_SECONDS)


def _ready(deployed: Deployed) -> int:
    return int(_stateful_set(deployed)["status"].get("readyReplicas", 0))


def _replicas(deployed: Deployed) -> int:
    return int(_stateful_set(deployed)["status"]["replicas"])


def _stateful_set(deployed: Deployed) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = deployed.kubectl.get(
        "statefulset", "model-digits", "-n", deployed.namespace
    )
    return found


def _claims(deployed: Deployed) -> list[object]:
    """The model servers' own; the object store has one too."""
    selector = ",".join(
        f"{key}={value}" for key, value in model_workload("digits").selector.items()
    )
    listing = ("pvc", "-n", deployed.namespace, "--selector", selector)
    claims: list[object] = deployed.kubectl.get(*listing)["items"]
    return claims
