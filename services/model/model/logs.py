"""One JSON object per line on stderr: what pods write and log collectors read."""

import json
import logging
import os
import sys
from datetime import UTC, datetime
from typing import Any

FIELDS_ATTRIBUTE = "fields"


class JsonFormatter(logging.Formatter):
    """Renders `time` (UTC), `level`, `message`, then the fields given to `log`."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        entry |= getattr(record, FIELDS_ATTRIBUTE, {})
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str)


def configure_json_logging() -> None:
    """Send everything from INFO upwards to stderr; called once, by the command line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def quiet_tensorflow() -> None:
    """Leave out C++ notes and Python deprecations; must run before TensorFlow is imported."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)


def fields(**values: object) -> dict[str, dict[str, object]]:
    """Structured fields of one log line: `log.info("copied", extra=fields(version=3))`."""
    return {FIELDS_ATTRIBUTE: values}
