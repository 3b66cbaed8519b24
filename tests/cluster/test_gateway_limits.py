"""A gateway that is full, a model that is late, a decoding process that is killed: each costs the
callers whom it concerns an answer that says so, and nobody else anything.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import pytest

from infra.labels import model_workload
from tests.cluster import gateway_pods
from tests.cluster.asking import Answer, Client
from tests.cluster.conftest import MODEL_PODS, Deployed, pods_of, ready_pods, restarts
from tests.cluster.host_processes import kill, processes_of, running, stopped
from tests.cluster.image_source import ImageSource
from tests.cluster.waiting import eventually

_TOO_MANY = 8
# Beyond the time limit of a request, for a busy machine to send its answer.
_SLACK_SECONDS = 5
# By which each of a few decoding processes gets an image, whichever pod the Service picks.
_REQUESTS = 16
_TIMEOUT_SECONDS = 90
_MODEL = model_workload("digits").name


@pytest.fixture(scope="module")
def client(deployed: Deployed) -> Iterator[Client]:
    """No container of the gateway may end by what happens here."""
    before = restarts(deployed, "gateway")
    yield Client(deployed.url)
    assert restarts(deployed, "gateway") == before


@pytest.fixture
def sample(deployed: Deployed) -> Path:
    return next(deployed.ground.samples.glob("*.png"))


def _predict(client: Client, sample: Path) -> Answer:
    return client.send("/predict", sample.read_bytes(), "image/png")


class TestFull:
    """A pod takes as many predictions at a time as it was told; further ones aren't queued."""

    def test_who_finds_no_place_is_told_at_once_when_to_come_again(
        self, deployed: Deployed, client: Client, source: ImageSource, sample: Path
    ) -> None:
        places = int(gateway_pods.settings(deployed)["GATEWAY_MAX_CONCURRENT_REQUESTS"])
        room = places * len(ready_pods(deployed, "gateway"))
        endless = {"url": f"{source.url}/drip"}  # holds a place until its time is over
        ended: list[Answer] = []
        with ThreadPoolExecutor(room + _TOO_MANY) as crowd:
            asking: list[Future[Answer]] = [
                crowd.submit(client.post, "/predict", endless) for _ in range(room + _TOO_MANY)
            ]
            for each in as_completed(asking):
                if not ended:  # the others still hold their places, and the gateway is well
                    assert client.get("/readyz").status == 200
                ended.append(each.result())
        refused = [answer for answer in ended if answer.status == 429]
        held = [answer for answer in ended if answer.status != 429]
        assert _TOO_MANY <= len(refused) < len(ended)
        assert ended[: len(refused)] == refused  # before any of the others was done
        assert {answer.problem() for answer in refused} == {(429, "too-many-requests")}
        assert all(int(answer.headers["Retry-After"]) >= 1 for answer in refused)
        assert {answer.problem() for answer in held} == {(504, "source-timeout")}
        assert _predict(client, sample).status == 200


class TestLateModel:
    """A model that doesn't answer in time costs its caller the time limit of a request, no more."""

    def test_the_caller_is_told_in_time(
        self, deployed: Deployed, client: Client, sample: Path
    ) -> None:
        limit_seconds = int(gateway_pods.settings(deployed)["GATEWAY_REQUEST_TIMEOUT_SECONDS"])
        servers = _resting_model_servers(deployed)
        before = restarts(deployed, _MODEL)
        with stopped(pid for pod in servers for pid in processes_of(pod, "server")):
            began = time.monotonic()
            late = _predict(client, sample)
            seconds = time.monotonic() - began
        assert late.problem() == (504, "model-timeout")
        assert seconds < limit_seconds + _SLACK_SECONDS
        _resting_model_servers(deployed)
        assert restarts(deployed, _MODEL) == before  # the same ones go on
        gateway_pods.until_all_answer(deployed)
        assert _predict(client, sample).status == 200


def _resting_model_servers(deployed: Deployed) -> list[dict[str, Any]]:
    """Waits for the least number of them, all ready, none on its way in or out."""

    def rest() -> bool:
        there = {pod["metadata"]["name"] for pod in pods_of(deployed, _MODEL, with_leaving=True)}
        return there == ready_pods(deployed, _MODEL) == {*MODEL_PODS}

    eventually(rest, timeout_seconds=2 * _TIMEOUT_SECONDS, what="two model servers and no other")
    return pods_of(deployed, _MODEL)


class TestDecoding:
    """A decoding process that is killed costs the image that it works on, and is replaced."""

    @pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV], ids=lambda how: how.name)
    def test_at_work(
        self, deployed: Deployed, client: Client, sample: Path, how: signal.Signals
    ) -> None:
        workers = gateway_pods.decode_workers(deployed)
        with stopped(workers), ThreadPoolExecutor(1) as caller:
            asking = caller.submit(_predict, client, sample)
            _until_one_is_decoded(deployed)
            kill(workers, how)
            lost = asking.result()
        assert lost.problem() == (422, "image-not-decodable")
        self._assert_replaced(deployed, client, sample, workers)
        end = f"ended by {how.name}"
        eventually(
            lambda: end in {entry.get("how") for entry in gateway_pods.log(deployed)},
            timeout_seconds=_TIMEOUT_SECONDS,
            what="the log to say how it ended",
        )

    def test_idle(self, deployed: Deployed, client: Client, sample: Path) -> None:
        """That costs no image."""
        workers = gateway_pods.decode_workers(deployed)
        kill(workers, signal.SIGKILL)
        self._assert_replaced(deployed, client, sample, workers)

    def _assert_replaced(
        self, deployed: Deployed, client: Client, sample: Path, killed: set[int]
    ) -> None:
        """Once they have ended every image is classified, by as many processes as there were."""
        eventually(
            lambda: not running(killed),
            timeout_seconds=_TIMEOUT_SECONDS,
            what="the killed processes to end",
            poll_seconds=0.1,
        )

        def as_many_others() -> bool:
            answers = [_predict(client, sample) for _ in range(_REQUESTS)]
            assert [answer.status for answer in answers] == [200] * _REQUESTS
            now = gateway_pods.decode_workers(deployed)
            return len(now) == len(killed) and not now & killed

        eventually(as_many_others, timeout_seconds=_TIMEOUT_SECONDS, what="new processes")


def _until_one_is_decoded(deployed: Deployed) -> None:
    """Soon: after gatewayImages.decodeTimeoutSeconds the gateway itself ends a stopped process."""
    eventually(
        lambda: gateway_pods.metrics(deployed)['gateway_images_in_stage{stage="decode"}'] == 1,
        timeout_seconds=4,
        what="an image to be decoded",
        poll_seconds=0.1,
    )
