"""The HTTP side of the gateway: routes, and what each answers."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from gateway.access import Access
from gateway.answers import MODEL_HEADER, headers_of
from gateway.bodies import is_image_file, media_type, read_body, read_url
from gateway.door import Door
from gateway.errors import UnsupportedBody
from gateway.http_errors import EXCEPTION_HANDLERS, explain_problem, not_ready
from gateway.limits import Deadline
from gateway.metrics import Metrics
from gateway.models import Models, Target
from gateway.predictor import Prediction, Predictor
from gateway.profiles import profile_by_query
from gateway.request_ids import RequestIds
from gateway.selection import selection_by_header
from gateway.unread_bodies import UnreadBodies


class Api:
    """The course's endpoint and the probes; the collaborators are passed in."""

    def __init__(
        self, *, predictor: Predictor, models: Models, door: Door, max_image_bytes: int
    ) -> None:
        self._predictor = predictor
        self._models = models
        self._door = door
        self._max_image_bytes = max_image_bytes

    @property
    def routes(self) -> list[Route]:
        """Where the endpoints are."""
        return [
            Route("/predict", self.predict, methods=["POST"]),
            Route("/healthz", self.healthz),
            Route("/readyz", self.readyz),
            Route("/problems/{code}", explain_problem),
        ]

    async def predict(self, request: Request) -> Response:
        """POST /predict: the score of each class, `{"label": score}`, best first.

        The body is `{"url": "..."}`, or an image file as image/* or application/octet-stream;
        `?profile=` chooses how the image is prepared.
        Headers of the answer: `Server-Timing` (ms by stage), `X-Model` (name/version). Errors are
        problem documents (see `problems`).
        """
        with self._door.enter(request) as deadline:
            target = self._models.target(
                selection=selection_by_header(request), profile=profile_by_query(request)
            )
            prediction = await self._predict(request, target, deadline)
        headers = headers_of(prediction)
        request.state.model = headers[MODEL_HEADER]
        body = msgspec.json.encode(prediction.scores.by_label)
        return Response(body, headers=headers, media_type="application/json")

    async def healthz(self, request: Request) -> JSONResponse:
        """GET /healthz: 200 as long as the process answers, whatever the model does."""
        return JSONResponse({"status": "ok"})

    async def readyz(self, request: Request) -> JSONResponse:
        """GET /readyz: 200 if the model can be asked, else 503 with the reason."""
        reason = self._models.default.why_not_ready()
        if reason:
            return not_ready(reason)
        return JSONResponse({"status": "ready"})

    async def _predict(self, request: Request, target: Target, deadline: Deadline) -> Prediction:
        content_type = media_type(request)
        if content_type == "application/json":
            url = await read_url(request, deadline)
            return await self._predictor.predict_url(url, target, deadline)
        if is_image_file(content_type):
            image = await read_body(request, self._max_image_bytes, deadline)
            return await self._predictor.predict_image(image, target, deadline)
        raise UnsupportedBody(
            'send {"url": "..."} as application/json, or an image file as image/* or'
            " application/octet-stream"
        )


def create_app(
    routes: Sequence[BaseRoute],
    metrics: Metrics,
    lifespan: Callable[[Any], AbstractAsyncContextManager[None]] | None = None,
    traced: Callable[[ASGIApp], ASGIApp] | None = None,
) -> ASGIApp:
    """The ASGI application; `lifespan` opens the collaborators and closes them.

    traced: puts the middleware around an application that traces its requests.
    """
    app = Starlette(routes=routes, exception_handlers=EXCEPTION_HANDLERS, lifespan=lifespan)
    # Around Starlette: its own middleware doesn't see the answer to an unexpected error.
    observed: ASGIApp = Access(UnreadBodies(app), metrics)
    return RequestIds(traced(observed) if traced else observed)
