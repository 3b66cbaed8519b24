"""One line in the log and one count in the metrics for each request."""

import logging
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.errors import GatewayError
from gateway.logs import describe_error
from gateway.metrics import Metrics
from gateway.problems import INTERNAL_ERROR, problem_of

access_logger = logging.getLogger("gateway.access")

# A cluster asks these every few seconds of every pod; only a failure is worth a line.
PROBES = ("/healthz", "/readyz", "/metrics")
NO_ROUTE = "none"


class Access:
    """ASGI middleware; logs no query, body, key or image."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        status = INTERNAL_ERROR.status

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            seconds = time.perf_counter() - start
            self._count(scope, status, seconds)
            if status != 200 or scope["path"] not in PROBES:
                _log(scope, status, seconds)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        # The route's pattern: paths and methods are as many as callers can think of.
        route = scope["route"].path if "route" in scope else NO_ROUTE
        method = scope["method"] if "route" in scope else NO_ROUTE
        self._metrics.count_request(route, method, status, seconds)
        for error in _errors_of(scope):
            self._metrics.errors.labels(problem_of(error).code).inc()
        if status == INTERNAL_ERROR.status:
            self._metrics.errors.labels(INTERNAL_ERROR.code).inc()


def _errors_of(scope: Scope) -> list[GatewayError]:
    """What the request, or single images of it, failed on."""
    state = scope.get("state", {})
    own: list[GatewayError] = [state["error"]] if "error" in state else []
    return own + list(state.get("item_errors", []))


def _log(scope: Scope, status: int, seconds: float) -> None:
    state = scope.get("state", {})
    fields: dict[str, Any] = {
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "duration_ms": round(seconds * 1000, 1),
    }
    for name in ("client", "model"):
        if name in state:
            fields[name] = state[name]
    if "error" in state:
        fields |= describe_error(state["error"])
    if state.get("item_errors"):
        fields["failed_images"] = len(state["item_errors"])
    access_logger.info("request", extra={"fields": fields})
