"""A request's way: fetch the image, decode it, ask the model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gateway.decode import Decoder
from gateway.errors import ModelChanged
from gateway.fetch import Fetcher
from gateway.limits import Deadline
from gateway.metrics import Metrics
from gateway.models import Target, or_default
from gateway.scores import Scores
from gateway.selection import Selection
from gateway.stopwatch import Stopwatch


@dataclass(frozen=True)
class Prediction:
    """What the model says of an image, and how long each stage took."""

    model_name: str
    selection: Selection | None  # by which the version was chosen; None: the default one
    scores: Scores
    pixels: npt.NDArray[np.uint8]  # what the model saw, RGB [1, height, width, 3]
    stage_seconds: dict[str, float]  # by stage, in the order of their start


class Predictor:
    """Classifies images; knows nothing of HTTP. All errors are GatewayErrors."""

    def __init__(self, *, fetcher: Fetcher, decoder: Decoder, metrics: Metrics) -> None:
        self._fetcher = fetcher
        self._decoder = decoder
        self._metrics = metrics

    async def predict_url(self, url: str, target: Target, deadline: Deadline) -> Prediction:
        """Classify the image behind a URL."""
        stopwatch = Stopwatch(self._metrics)
        with stopwatch.stage("fetch"):
            file = await self._fetcher.fetch(url, deadline)
        return await self._predict(file, target, deadline, stopwatch)

    async def predict_image(self, data: bytes, target: Target, deadline: Deadline) -> Prediction:
        """Classify an image file."""
        return await self._predict([data], target, deadline, Stopwatch(self._metrics))

    async def _predict(
        self, file: Sequence[bytes], target: Target, deadline: Deadline, stopwatch: Stopwatch
    ) -> Prediction:
        self._metrics.image_bytes.inc(sum(map(len, file)))

        async def work(target: Target) -> Prediction:
            try:
                return await self._decode_and_ask(file, target, deadline, stopwatch)
            except ModelChanged:
                return await self._decode_and_ask(file, target, deadline, stopwatch)

        return await or_default(target, work)

    async def _decode_and_ask(
        self, file: Sequence[bytes], target: Target, deadline: Deadline, stopwatch: Stopwatch
    ) -> Prediction:
        model = target.model
        description = await model.describe(target.selection, deadline)
        with stopwatch.stage("decode"):
            pixels = await self._decoder.decode(
                file, description.image, deadline, profile=target.profile
            )
        with stopwatch.stage("predict"):
            scores = await model.predict(pixels, description, deadline, target.selection)
        self._metrics.count_prediction(model.name, scores.version)
        return Prediction(model.name, target.selection, scores, pixels, stopwatch.seconds)
