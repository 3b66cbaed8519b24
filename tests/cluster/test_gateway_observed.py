"""What the gateway tells its operator, and what it never tells."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from tests.cluster.asking import Client
from tests.cluster.conftest import Deployed, pods_of
from tests.cluster.image_source import ImageSource

_SECRET = "nobodys-business-4711"


def _samples(deployed: Deployed) -> Counter[str]:
    """Of all pods together, by name and labels, as their /metrics have them."""
    found: Counter[str] = Counter()
    for pod in pods_of(deployed, "gateway"):
        path = f"/api/v1/namespaces/{deployed.namespace}/pods/{pod['metadata']['name']}:9696"
        text = deployed.kubectl.text("get", "--raw", f"{path}/proxy/metrics")
        for line in text.splitlines():
            if line.startswith("gateway_"):
                name, _, value = line.rpartition(" ")
                found[name] += float(value)  # type: ignore[assignment]
    return found


def _log(deployed: Deployed) -> list[dict[str, Any]]:
    """What all pods logged, which must be JSON line by line."""
    selector = ("--selector", "app.kubernetes.io/instance=gateway")
    text = deployed.kubectl.text(
        "logs", "-n", deployed.namespace, *selector, "--tail=-1", "--prefix=false"
    )
    return [json.loads(line) for line in text.splitlines()]


class TestMetrics:
    """Prometheus is told what was asked, what failed, how much came in and where the time went."""

    def test_they_count(self, deployed: Deployed, source: ImageSource) -> None:
        client = Client(deployed.url)
        before = _samples(deployed)
        client.post("/v1/predict", {"urls": [source.of("1"), "http://127.0.0.1/"]})
        client.send("/predict", b"no image", "image/png")
        new = _samples(deployed) - before
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
        names = {sample.partition("{")[0] for sample in _samples(deployed)}
        assert names >= {
            *("gateway_places_in_use", "gateway_images_in_stage", "gateway_decode_queue"),
            "gateway_request_seconds_bucket",
        }


class TestLog:
    """A line of JSON for each request, found by its id; nothing of what the caller sent."""

    def test_a_request_is_found_by_its_id(self, deployed: Deployed, source: ImageSource) -> None:
        answer = Client(deployed.url).post("/predict", {"url": source.of("1")})
        given = answer.headers["X-Request-ID"]
        [entry] = [each for each in _log(deployed) if each.get("request_id") == given]
        assert (entry["path"], entry["status"], entry["model"]) == ("/predict", 200, "digits/1")
        assert entry["duration_ms"] > 0

    def test_neither_urls_nor_keys_nor_bodies(self, deployed: Deployed) -> None:
        client = Client(deployed.url, key=_SECRET)
        url = f"http://192.168.0.1/{_SECRET}"
        answer = client.post(f"/predict?{_SECRET}", {"url": url}, x_request_id="looked-for")
        assert answer.status == 403
        client.send("/v1/predict", _SECRET.encode(), "image/png")
        entries = _log(deployed)
        assert "looked-for" in {each.get("request_id") for each in entries}
        assert _SECRET not in json.dumps(entries)
