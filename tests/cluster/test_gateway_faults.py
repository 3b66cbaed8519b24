"""Pods of gateway and model go and come back, and callers are told the truth meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cluster import gateway_pods
from tests.cluster.asking import Client
from tests.cluster.conftest import MODEL_PODS, Deployed, ready_pods
from tests.cluster.requests import steady_requests
from tests.cluster.waiting import eventually

_TIMEOUT_SECONDS = 90


@pytest.fixture
def sample(deployed: Deployed) -> Path:
    return next(deployed.ground.samples.glob("*.png"))


def _kill(deployed: Deployed, *pods: str) -> None:
    """At once, without a word to anybody."""
    now = ("--force", "--grace-period=0")
    deployed.kubectl.run("delete", "pod", *pods, "-n", deployed.namespace, *now, log=deployed.log)


class TestGateway:
    """A pod that is told to go (SIGTERM) finishes what it has begun and loses no request."""

    def test_no_request_fails(self, deployed: Deployed, sample: Path) -> None:
        leaving = min(ready_pods(deployed, "gateway"))
        with steady_requests(f"{deployed.url}/predict", sample) as requests:
            requests.wait_for(10)
            # Returns once it is gone.
            deployed.kubectl.run(
                "delete", "pod", leaving, "-n", deployed.namespace, log=deployed.log
            )
            eventually(
                lambda: len(ready_pods(deployed, "gateway") - {leaving}) >= 2,
                timeout_seconds=_TIMEOUT_SECONDS,
                what="its successor",
            )
            requests.wait_for(10)
        assert requests.failures == []


class TestModel:
    """One server less is not noticed; with none, callers hear so and when to come again."""

    def test_a_killed_server_costs_no_request(self, deployed: Deployed, sample: Path) -> None:
        with steady_requests(f"{deployed.url}/predict", sample) as requests:
            requests.wait_for(10)
            _kill(deployed, MODEL_PODS[0])
            requests.wait_for(50)
            _until_back(deployed)
            requests.wait_for(10)
        assert requests.failures == []

    def test_readiness_follows_the_model(self, deployed: Deployed, sample: Path) -> None:
        client = Client(deployed.url)
        assert client.get("/readyz").json == {"status": "ready"}
        with _no_room_for_pods(deployed):
            _kill(deployed, *MODEL_PODS)
            answers = [client.get("/readyz")]

            def is_noticed() -> bool:
                """By the pod that happens to be asked; the other one may need a moment more."""
                answers.append(client.get("/readyz"))
                return answers[-1].status == 503

            # Soon: when the probes have noticed too, no gateway is left in the Service.
            eventually(
                is_noticed,
                timeout_seconds=_TIMEOUT_SECONDS,
                what="the gateway to notice",
                poll_seconds=0.1,
            )
            assert answers[-1].problem() == (503, "not-ready")
            refused = client.send("/predict", sample.read_bytes(), "image/png")
            assert refused.problem() == (503, "model-unavailable")
            assert int(refused.headers["Retry-After"]) >= 1
            assert client.get("/healthz").status == 200
            eventually(
                lambda: not ready_pods(deployed, "gateway"),
                timeout_seconds=_TIMEOUT_SECONDS,
                what="the gateway's pods to leave the Service",
            )
        _until_back(deployed)
        gateway_pods.until_all_answer(deployed)
        assert client.send("/predict", sample.read_bytes(), "image/png").status == 200


def _until_back(deployed: Deployed) -> None:
    eventually(
        lambda: ready_pods(deployed, "model-digits") >= set(MODEL_PODS),
        timeout_seconds=_TIMEOUT_SECONDS,
        what="all model servers",
    )


@contextmanager
def _no_room_for_pods(deployed: Deployed) -> Iterator[None]:
    """New pods wait for the end of the block."""
    node = deployed.ground.spec.node_name
    deployed.kubectl.run("cordon", node, log=deployed.log)
    try:
        yield
    finally:
        deployed.kubectl.run("uncordon", node, log=deployed.log)
