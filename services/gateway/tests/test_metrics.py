"""GET /metrics: what Prometheus is told."""

import io

from harness import Gateway, ImageSource, StartGateway, StartModel
from pictures import plain
from PIL import Image
from prometheus_client.parser import text_string_to_metric_families
from stub_model import StubModel, StubWithCanary

Labels = dict[str, str]


class Samples:
    """The values of one reading."""

    def __init__(self, text: str) -> None:
        self._values = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def value(self, name: str, **labels: str) -> float | None:
        """Of one series; None if there is none."""
        return self._values.get((name, frozenset(labels.items())))

    def labels_of(self, name: str) -> list[Labels]:
        """Of all series of a name."""
        return [dict(labels) for found, labels in self._values if found == name]


async def read(gateway: Gateway) -> Samples:
    """What there is now."""
    return Samples(await gateway.get_text("/metrics"))


class TestRequests:
    """They are counted by route, method and status; whoever invents paths makes no new series."""

    async def test_counted(self, gateway: Gateway) -> None:
        await gateway.post_image(plain())
        await gateway.post_image(b"x")
        samples = await read(gateway)
        route = {"route": "/predict", "method": "POST"}
        assert samples.value("gateway_requests_total", **route, status="200") == 1
        assert samples.value("gateway_requests_total", **route, status="415") == 1
        assert samples.value("gateway_request_seconds_count", route="/predict") == 2

    async def test_inventions(self, gateway: Gateway) -> None:
        for path in ("/a", "/b", "/v1/models/c", "/v1/models/d"):
            await gateway.get(path)
        routes = [
            each["route"] for each in (await read(gateway)).labels_of("gateway_requests_total")
        ]
        assert sorted(set(routes) - {"/readyz"}) == ["/v1/models/{name}", "none"]


class TestErrors:
    """By the code of the problem document."""

    async def test_of_requests_and_of_images_in_a_batch(self, gateway: Gateway) -> None:
        await gateway.post_image(b"x")
        await gateway.post("/v1/predict", json={"urls": ["ftp://a", "ftp://b"]})
        samples = await read(gateway)
        assert samples.value("gateway_errors_total", code="unsupported-image") == 1
        assert samples.value("gateway_errors_total", code="malformed-request") == 2


class TestImages:
    """How many, how large, how long in each stage, and by which version they were classified."""

    async def test_stages_bytes_and_pixels(self, gateway: Gateway, source: ImageSource) -> None:
        await gateway.post(json={"url": f"{source.url}/image"})
        samples = await read(gateway)
        for stage in ("fetch", "decode", "predict"):
            assert samples.value("gateway_stage_seconds_count", stage=stage) == 1
            assert samples.value("gateway_images_in_stage", stage=stage) == 0
        assert samples.value("gateway_image_bytes_total") == len(source.image)
        with Image.open(io.BytesIO(source.image)) as image:
            assert samples.value("gateway_image_pixels_total") == image.width * image.height
        assert samples.value("gateway_places_in_use") == 0

    async def test_versions(self, start_model: StartModel, start_gateway: StartGateway) -> None:
        gateway = await start_gateway(await start_model(StubWithCanary()))
        for label in ("canary", "canary", None):
            headers = {"X-Model-Label": label} if label else {}
            await gateway.post_image(plain(), headers=headers)
        samples = await read(gateway)
        assert samples.value("gateway_predictions_total", model="colors", version="2") == 2
        assert samples.value("gateway_predictions_total", model="colors", version="1") == 1


class TestProcess:
    """Memory, CPU and open files come along; two gateways in a process don't share counts."""

    async def test_memory(self, gateway: Gateway) -> None:
        assert ((await read(gateway)).value("process_resident_memory_bytes") or 0) > 2**20

    async def test_each_gateway_counts_for_itself(
        self, gateway: Gateway, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        other = await start_gateway(await start_model(StubModel()))
        await gateway.post_image(plain())
        assert (await read(gateway)).value("gateway_image_bytes_total") == len(plain())
        assert (await read(other)).value("gateway_image_bytes_total") == 0
