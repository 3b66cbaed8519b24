"""Logs as lines of JSON."""

import json
import logging
import sys

from gateway.logs import JsonFormatter


def test_exception_is_one_line() -> None:
    try:
        raise ValueError("first line\nsecond line")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "failed", (), sys.exc_info())
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert "second line" in json.loads(line)["exception"]
