import json
import logging

import pytest

from model.logs import configure_json_logging, fields


def test_a_line_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    configure_json_logging()
    logging.getLogger("test").warning("copied %s", "it", extra=fields(version=3))
    entry = json.loads(capsys.readouterr().err)
    assert entry.pop("time").endswith("+00:00")
    assert entry == {"level": "warning", "message": "copied it", "version": 3}


def test_an_exception_stays_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_json_logging()
    try:
        int("x")
    except ValueError:
        logging.getLogger("test").exception("failed")
    [line] = capsys.readouterr().err.splitlines()
    assert "invalid literal" in json.loads(line)["traceback"]
