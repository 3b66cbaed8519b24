"""What Prometheus is told of a gateway; no label holds what a caller chose freely."""

from collections import Counter as Tally
from collections.abc import Callable
from functools import cache, partial

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

STAGES = ("fetch", "decode", "predict")
# From a cached answer to the longest request timeout.
SECONDS_BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60)
IMAGES_BUCKETS = (1, 2, 4, 8, 16, 32)


class Metrics:
    """The metrics of one gateway, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        requests = Counter(
            "gateway_requests",
            "Requests answered, by route",
            ["route", "method", "status"],
            registry=registry,
        )
        request_seconds = Histogram(
            "gateway_request_seconds",
            "Time from a request's head to the end of its answer",
            ["route"],
            buckets=SECONDS_BUCKETS,
            registry=registry,
        )
        self.errors = Counter(
            "gateway_errors",
            "Errors told to callers, those of single images of a batch included, by problem code",
            ["code"],
            registry=registry,
        )
        self.image_bytes = Counter(
            "gateway_image_bytes", "Bytes of the image files received", registry=registry
        )
        self.image_pixels = Counter(
            "gateway_image_pixels",
            "Pixels of the image files decoded, width x height of each",
            registry=registry,
        )
        self.model_call_images = Histogram(
            "gateway_model_call_images",
            "Images that one call of a model carries",
            buckets=IMAGES_BUCKETS,
            registry=registry,
        )
        predictions = Counter(
            "gateway_predictions",
            "Images classified, by the version that answered",
            ["model", "version"],
            registry=registry,
        )
        stage_seconds = Histogram(
            "gateway_stage_seconds",
            "Time that an image spent in a stage, waiting for it included",
            ["stage"],
            buckets=SECONDS_BUCKETS,
            registry=registry,
        )
        in_stage = Gauge(
            "gateway_images_in_stage", "Images in a stage now", ["stage"], registry=registry
        )
        # Looked up once: finding a series by its labels takes longer than counting.
        self._requests = cache(requests.labels)
        self._request_seconds = cache(request_seconds.labels)
        self._predictions = cache(predictions.labels)
        self._stage_seconds = {stage: stage_seconds.labels(stage) for stage in STAGES}
        self._in_stage = Tally[str]()
        for stage in STAGES:
            in_stage.labels(stage).set_function(partial(self._in_stage.__getitem__, stage))

    @property
    def routes(self) -> list[Route]:
        """Where Prometheus finds them."""
        return [Route("/metrics", self._show)]

    def count_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """One that was answered."""
        self._requests(route, method, status).inc()
        self._request_seconds(route).observe(seconds)

    def count_prediction(self, model: str, version: int) -> None:
        """One image that a version classified."""
        self._predictions(model, version).inc()

    def enter_stage(self, stage: str) -> None:
        """Count one image as being in a stage, until it leaves."""
        self._in_stage[stage] += 1

    def leave_stage(self, stage: str, seconds: float) -> None:
        """The opposite, and how long it was there."""
        self._in_stage[stage] -= 1
        self._stage_seconds[stage].observe(seconds)

    def watch(self, name: str, help_text: str, value: Callable[[], float]) -> None:
        """A gauge that is read when it is asked for."""
        Gauge(name, help_text, registry=self._registry).set_function(value)

    def _show(self, request: Request) -> Response:
        """GET /metrics, in Prometheus's text format."""
        return Response(
            generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )
