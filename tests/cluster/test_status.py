"""`make status` on the cluster with the real stack."""

from __future__ import annotations

import pytest

from local.cluster.spec import load_spec
from local.status.collect import take_snapshot
from local.status.command import show_status
from local.status.snapshot import Objects, Traffic
from tests.cluster import gateway_pods
from tests.cluster.asking import Client
from tests.cluster.conftest import Deployed
from tests.cluster.waiting import eventually

_REQUESTS = 5
_MODEL_BYTES = 10_000  # at least


def _objects(deployed: Deployed) -> Objects:
    spec = load_spec(deployed.ground.spec.name)
    assert spec is not None
    objects = take_snapshot(spec, deployed.kubectl).objects
    assert isinstance(objects, Objects)
    return objects


class TestStatus:
    """What it shows is what the cluster does."""

    def test_once_it_prints_all_and_is_well(
        self, deployed: Deployed, capsys: pytest.CaptureFixture[str]
    ) -> None:
        gateway_pods.until_all_answer(deployed)
        assert show_status(deployed.ground.spec.name, once=True) == 0
        shown = capsys.readouterr().out
        for part in ("well", deployed.url, "kubelet", "model-digits-0", "models-model-digits-0"):
            assert part in shown

    def test_requests_are_counted_with_their_latency(self, deployed: Deployed) -> None:
        image = next(deployed.ground.samples.glob("*.png")).read_bytes()
        client = Client(deployed.url)
        seen: list[Traffic | None] = []

        def are_counted() -> bool:
            """By what the pods logged, which lags a moment; a pod that leaves has no log."""
            for _ in range(_REQUESTS):
                assert client.send("/predict", image, "image/png").status == 200
            seen.append(_objects(deployed).traffic)
            return seen[-1] is not None and seen[-1].requests >= _REQUESTS

        eventually(are_counted, timeout_seconds=60, what="the requests to be counted")
        [*_, traffic] = seen
        assert traffic is not None
        assert traffic.median_ms is not None
        assert 0 < traffic.median_ms < 20_000

    def test_volumes_hold_the_model_and_metrics_know_the_pods(self, deployed: Deployed) -> None:
        def all_known() -> bool:
            objects = _objects(deployed)
            models = [each for each in objects.volumes if each.claim.startswith("models-")]
            used = [each.used_bytes for each in models]
            return (
                bool(used)
                and all(held is not None and held > _MODEL_BYTES for held in used)
                and all(each.memory_bytes is not None for each in objects.pods)
            )

        eventually(
            all_known, timeout_seconds=90, what="the use of every model's volume and of every pod"
        )
