"""The HTTP side of the gateway: routes, and what each answers."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from gateway.api_keys import ApiKeys
from gateway.bodies import read_body, read_url
from gateway.errors import MissingApiKey, UnsupportedBody
from gateway.http_errors import EXCEPTION_HANDLERS, explain_problem, not_ready
from gateway.limits import ConcurrencyLimit, Deadline
from gateway.logs import AccessLog
from gateway.model_client import ModelClient
from gateway.predictor import Prediction, Predictor

API_KEY_HEADER = "X-API-Key"


class Api:
    """The endpoints; their collaborators are passed in."""

    def __init__(
        self,
        *,
        predictor: Predictor,
        model: ModelClient,
        api_keys: ApiKeys | None,
        limit: ConcurrencyLimit,
        max_image_bytes: int,
        request_timeout_seconds: float,
    ) -> None:
        self._predictor = predictor
        self._model = model
        self._api_keys = api_keys
        self._limit = limit
        self._max_image_bytes = max_image_bytes
        self._request_timeout_seconds = request_timeout_seconds

    async def predict(self, request: Request) -> JSONResponse:
        """POST /predict: the score of each class, `{"label": score}`, best first.

        The body is `{"url": "..."}`, or an image file as image/* or application/octet-stream.
        Headers of the answer: `Server-Timing` (ms by stage), `X-Model` (name/version). Errors are
        problem documents (see `problems`).
        """
        deadline = Deadline(self._request_timeout_seconds)
        self._authenticate(request)
        with self._limit.place():
            prediction = await self._predict(request, deadline)
        return JSONResponse(
            prediction.scores.by_label,
            headers={
                "Server-Timing": _server_timing(prediction),
                "X-Model": f"{self._model.name}/{prediction.scores.version}",
            },
        )

    async def healthz(self, request: Request) -> JSONResponse:
        """GET /healthz: 200 as long as the process answers, whatever the model does."""
        return JSONResponse({"status": "ok"})

    async def readyz(self, request: Request) -> JSONResponse:
        """GET /readyz: 200 if the model can be asked, else 503 with the reason."""
        reason = self._model.why_not_ready()
        if reason:
            return not_ready(reason)
        return JSONResponse({"status": "ready"})

    def _authenticate(self, request: Request) -> None:
        if self._api_keys is None:
            return
        client = self._api_keys.client_of(request.headers.get(API_KEY_HEADER, ""))
        if client is None:
            raise MissingApiKey(f"send a valid API key in the header {API_KEY_HEADER}")
        request.state.client = client

    async def _predict(self, request: Request, deadline: Deadline) -> Prediction:
        content_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if content_type == "application/json":
            url = await read_url(request, deadline)
            return await self._predictor.predict_url(url, deadline)
        if content_type.startswith("image/") or content_type == "application/octet-stream":
            image = await read_body(request, self._max_image_bytes, deadline)
            return await self._predictor.predict_image(image, deadline)
        raise UnsupportedBody(
            'send {"url": "..."} as application/json, or an image file as image/* or'
            " application/octet-stream"
        )


def create_app(
    api: Api, lifespan: Callable[[Any], AbstractAsyncContextManager[None]] | None = None
) -> Starlette:
    """The ASGI application; `lifespan` opens the collaborators and closes them."""
    return Starlette(
        routes=[
            Route("/predict", api.predict, methods=["POST"]),
            Route("/healthz", api.healthz),
            Route("/readyz", api.readyz),
            Route("/problems/{code}", explain_problem),
        ],
        middleware=[Middleware(AccessLog)],
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=lifespan,
    )


def _server_timing(prediction: Prediction) -> str:
    return ", ".join(
        f"{stage};dur={seconds * 1000:.1f}" for stage, seconds in prediction.stage_seconds.items()
    )
