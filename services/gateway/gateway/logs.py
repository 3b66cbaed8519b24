"""Logs as JSON, a line each."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from gateway.errors import ModelError
from gateway.request_ids import current_request_id

_encode = json.JSONEncoder(default=str).encode


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON; what was given as `extra={"fields": {...}}` goes in as well."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        if request_id := current_request_id.get():
            entry["request_id"] = request_id
        entry |= getattr(record, "fields", {})
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return _encode(entry)


def configure_logging() -> None:
    """Send all logs of the process, Python's warnings included, to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # Lines don't tell where in the code they come from, so nobody has to find out
    # (https://docs.python.org/3/howto/logging.html#optimization).
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
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
