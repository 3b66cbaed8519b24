"""A request's way: fetch the image, decode it, ask the model."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gateway.decode import Decoder
from gateway.errors import ModelChanged
from gateway.fetch import Fetcher
from gateway.limits import Deadline
from gateway.model_client import ModelClient, Scores


@dataclass(frozen=True)
class Prediction:
    """What the model says of an image, and how long each stage took."""

    scores: Scores
    stage_seconds: dict[str, float]  # by stage, in the order of their start


class Predictor:
    """Classifies images; knows nothing of HTTP. All errors are GatewayErrors."""

    def __init__(self, *, fetcher: Fetcher, decoder: Decoder, model: ModelClient) -> None:
        self._fetcher = fetcher
        self._decoder = decoder
        self._model = model

    async def predict_url(self, url: str, deadline: Deadline) -> Prediction:
        """Classify the image behind a URL."""
        stopwatch = Stopwatch()
        with stopwatch.stage("fetch"):
            data = await self._fetcher.fetch(url, deadline)
        return await self._predict(data, deadline, stopwatch)

    async def predict_image(self, data: bytes, deadline: Deadline) -> Prediction:
        """Classify an image file."""
        return await self._predict(data, deadline, Stopwatch())

    async def _predict(self, data: bytes, deadline: Deadline, stopwatch: "Stopwatch") -> Prediction:
        try:
            scores = await self._decode_and_ask(data, deadline, stopwatch)
        except ModelChanged:
            scores = await self._decode_and_ask(data, deadline, stopwatch)
        return Prediction(scores, stopwatch.seconds)

    async def _decode_and_ask(
        self, data: bytes, deadline: Deadline, stopwatch: "Stopwatch"
    ) -> Scores:
        description = self._model.description()
        with stopwatch.stage("decode"):
            image = await self._decoder.decode(data, description.image, deadline)
        with stopwatch.stage("predict"):
            return await self._model.predict(image, description, deadline)


class Stopwatch:
    """Adds up the seconds spent in named stages."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time inside towards a stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
