"""The predictions under /v1: in detail, for several images at once, of any model and version."""

import io

import msgspec
import numpy as np
import numpy.typing as npt
from PIL import Image
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.answers import MODEL_HEADER, headers_of
from gateway.batches import Outcome, predict_all
from gateway.door import Door
from gateway.errors import GatewayError
from gateway.limits import Deadline
from gateway.models import Models, Target
from gateway.predictor import Prediction, Predictor
from gateway.problems import describe_problem
from gateway.v1_input import InputReader, selection_of
from gateway.v1_messages import (
    AnsweredBy,
    Item,
    LabelledScore,
    Options,
    ProblemDocument,
    Result,
    Results,
    Times,
)


class V1Api:
    """POST /v1/predict and /v1/models/<name>/predict; the collaborators are passed in."""

    def __init__(
        self, *, predictor: Predictor, models: Models, door: Door, reader: InputReader
    ) -> None:
        self._predictor = predictor
        self._models = models
        self._door = door
        self._reader = reader

    @property
    def routes(self) -> list[Route]:
        """Where the endpoints are."""
        return [
            Route("/v1/predict", self.predict, methods=["POST"]),
            Route("/v1/models/{name}/predict", self.predict, methods=["POST"]),
        ]

    async def predict(self, request: Request) -> Response:
        """A Result for one image, Results for several; messages in `v1_messages`."""
        with self._door.enter(request) as deadline:
            sent = await self._reader.read(request, deadline)
            selection = selection_of(request, sent.options)
            target = self._models.target(
                request.path_params.get("name"), selection, sent.options.profile
            )

            async def predict_one(image: str | bytes) -> Prediction:
                return await self._predict(image, target, deadline)

            if not sent.is_batch:
                prediction = await predict_one(sent.images[0])
                headers = headers_of(prediction)
                request.state.model = headers[MODEL_HEADER]
                return _respond(_result(prediction, sent.options), headers)
            outcomes = await predict_all(sent.images, predict_one, self._door.limit)
        request.state.item_errors = [each for each in outcomes if isinstance(each, GatewayError)]
        return _respond(Results([_item(outcome, sent.options) for outcome in outcomes]))

    async def _predict(self, image: str | bytes, target: Target, deadline: Deadline) -> Prediction:
        if isinstance(image, str):
            return await self._predictor.predict_url(image, target, deadline)
        return await self._predictor.predict_image(image, target, deadline)


def _respond(body: Result | Results, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(body), headers=headers, media_type="application/json")


def _item(outcome: Outcome, options: Options) -> Item:
    if isinstance(outcome, GatewayError):
        return Item(error=msgspec.convert(describe_problem(outcome), ProblemDocument))
    return Item(**msgspec.structs.asdict(_result(outcome, options)))


def _result(prediction: Prediction, options: Options) -> Result:
    scores = prediction.scores
    if options.softmax:
        scores = scores.as_probabilities()
    best = scores.best(options.top or len(scores.by_label))
    selection = prediction.selection
    return Result(
        predictions=[LabelledScore(label, score) for label, score in best.items()],
        model=AnsweredBy(
            name=prediction.model_name,
            version=scores.version,
            label=(selection.label or None) if selection else None,
        ),
        times_ms=_times(prediction.stage_seconds),
        input_png=_as_png(prediction.pixels) if options.show_input else None,
    )


def _times(stage_seconds: dict[str, float]) -> Times:
    milliseconds = {stage: round(each * 1000, 2) for stage, each in stage_seconds.items()}
    return Times(
        fetch=milliseconds.get("fetch"),
        decode=milliseconds["decode"],
        inference=milliseconds["predict"],
    )


def _as_png(pixels: npt.NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels[0]).save(file, "PNG", compress_level=1)
    return file.getvalue()
