"""What the gateway tells its operator, and what it never tells."""

from __future__ import annotations

import json
from typing import Any

from tests.cluster import gateway_pods
from tests.cluster.asking import Client
from tests.cluster.conftest import Deployed
from tests.cluster.image_source import ImageSource
from tests.cluster.waiting import eventually

_SECRET = "nobodys-business-4711"
_TIMEOUT_SECONDS = 30


class TestMetrics:
    """Prometheus is told what was asked, what failed, how much came in and where the time went."""

    def test_they_count(self, deployed: Deployed, source: ImageSource) -> None:
        client = Client(deployed.url)
        before = gateway_pods.metrics(deployed)
        client.post("/v1/predict", {"urls": [source.of("1"), "http://127.0.0.1/"]})
        client.send("/predict", b"no image", "image/png")
        new = gateway_pods.metrics(deployed) - before
        image = source.file("1").read_bytes()
        assert new['gateway_requests_total{method="POST",route="/v1/predict",status="200"}'] == 1
        assert new['gateway_requests_total{method="POST",route="/predict",status="415"}'] == 1
        assert new['gateway_errors_total{code="forbidden-source"}'] == 1
        assert new['gateway_errors_total{code="unsupported-image"}'] == 1
        assert new["gateway_image_bytes_total"] == len(image) + len(b"no image")
        assert new["gateway_image_pixels_total"] > 0
        assert new['gateway_predictions_total{model="digits",version="1"}'] == 1
        for stage in ("fetch", "decode", "predict"):
            assert new[f'gateway_stage_seconds_count{{stage="{stage}"}}'] >= 1

    def test_what_runs_and_waits_now(self, deployed: Deployed) -> None:
        names = {sample.partition("{")[0] for sample in gateway_pods.metrics(deployed)}
        assert names >= {
            *("gateway_places_in_use", "gateway_images_in_stage", "gateway_decode_queue"),
            "gateway_request_seconds_bucket",
        }


def _logged(deployed: Deployed, request_id: str) -> list[dict[str, Any]]:
    """The entries of a request, once there are any."""
    found: list[dict[str, Any]] = []

    def is_there() -> bool:
        entries = gateway_pods.log(deployed)
        found[:] = [each for each in entries if each.get("request_id") == request_id]
        return bool(found)

    eventually(is_there, timeout_seconds=_TIMEOUT_SECONDS, what=f"{request_id} in the log")
    return found


class TestLog:
    """A line of JSON for each request, found by its id; nothing of what the caller sent."""

    def test_a_request_is_found_by_its_id(self, deployed: Deployed, source: ImageSource) -> None:
        answer = Client(deployed.url).post("/predict", {"url": source.of("1")})
        [entry] = _logged(deployed, answer.headers["X-Request-ID"])
        assert (entry["path"], entry["status"], entry["model"]) == ("/predict", 200, "digits/1")
        assert entry["duration_ms"] > 0

    def test_neither_urls_nor_keys_nor_bodies(self, deployed: Deployed) -> None:
        client = Client(deployed.url, key=_SECRET)
        url = f"http://192.168.0.1/{_SECRET}"
        answer = client.post(f"/predict?{_SECRET}", {"url": url}, x_request_id="looked-for")
        assert answer.status == 403
        client.send("/v1/predict", _SECRET.encode(), "image/png", x_request_id="so-is-this")
        for request_id in ("looked-for", "so-is-this"):
            assert _logged(deployed, request_id)
        assert _SECRET not in json.dumps(gateway_pods.log(deployed))
