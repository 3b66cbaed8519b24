"""Logs as JSON, a line each: what the process says, and one line per request."""

import json
import logging
import time
from datetime import UTC, datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.errors import ModelError

access_logger = logging.getLogger("gateway.access")

# A cluster asks these every few seconds of every pod; only a failure is worth a line.
PROBES = ("/healthz", "/readyz")


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON; what was given as `extra={"fields": {...}}` goes in as well."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str)


def configure_logging() -> None:
    """Send all logs of the process, Python's warnings included, to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.captureWarnings(True)


def describe_error(error: BaseException) -> dict[str, str]:
    """What the log tells of an error that a caller was told about, and of its cause.

    What a model server said is told whole; of other causes only the kind, as their text may hold
    the URL that a caller sent.
    """
    fields = {"error": type(error).__name__, "reason": str(error)}
    cause = error.__cause__
    if cause:
        fields["cause"] = str(cause) if isinstance(error, ModelError) else type(cause).__name__
    return fields


class AccessLog:
    """ASGI middleware: one line per request, without the query, bodies or keys."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        status = 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            if status != 200 or scope["path"] not in PROBES:
                _log_request(scope, status, time.perf_counter() - start)


def _log_request(scope: Scope, status: int, seconds: float) -> None:
    state = scope.get("state", {})
    fields: dict[str, Any] = {
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "duration_ms": round(seconds * 1000, 1),
    }
    if "client" in state:
        fields["client"] = state["client"]
    if "error" in state:
        fields |= describe_error(state["error"])
    access_logger.info("request", extra={"fields": fields})
