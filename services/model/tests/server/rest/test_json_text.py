from typing import Any

import pytest

from model.server.errors import ServingError
from model.server.rest.json_text import MAX_QUOTED_BYTES, parse_object, quote


class TestParse:
    """What RapidJSON takes is taken, and what it refuses gets its words."""

    def test_an_object(self) -> None:
        assert parse_object(b' {"a": [1, NaN, Infinity]} and what follows')["a"][0] == 1

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (b"", "The document is empty"),
            (b"  ", r"The document is empty\. at offset: 2"),
            (b"nope", r"Invalid value\. at offset: 0"),
            (b'{"a": nope}', r"Invalid value\. at offset: 6"),
            (b"{1: 2}", r"Missing a name for object member\. at offset: 1"),
            (b'{"a" 1}', r"Missing a colon after a name of object member\. at offset: 5"),
            (b'{"a": 1 "b": 2}', r"Missing a comma or } after an object member\. at offset: 8"),
            (b'{"a": [1 2]}', r"Missing a comma or \] after an array element\. at offset: 9"),
            (b'{"a[": "]", "b": {"c": [1 2]}}', r"Missing a comma or \] after an array element"),
            (b'{"a": "b', r"Missing a closing quotation mark in string\. at offset: 6"),
            (b'{"a": "\\x"}', r"Invalid escape character in string\. at offset: 7"),
            (b'{"a": "\\uZZZZ"}', r"Incorrect hex digit after \\u escape in string"),
            (b'{"a": "\xff"}', r"Invalid encoding in string\. at offset: 7"),
            (b"[" * 100_000, "Terminate parsing"),
        ],
    )
    def test_errors(self, body: bytes, reason: str) -> None:
        with pytest.raises(ServingError, match=f"INVALID_ARGUMENT: JSON Parse error: {reason}"):
            parse_object(body)

    def test_no_object(self) -> None:
        with pytest.raises(ServingError, match=r"JSON Value: \[1, 2\] Is not object"):
            parse_object(b"[1,2]")


class TestQuote:
    """Errors show the value, up to a length."""

    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ([1, [2.5, "a"]], '[1, [2.5, "a"]]'),
            ({"a": {"b": None}}, '{\n    "a": {\n        "b": null\n    }\n}'),
            ({}, "{}"),
            (True, "true"),
        ],
    )
    def test_layout(self, value: Any, shown: str) -> None:
        assert quote(value) == shown

    def test_long_ones_are_cut(self) -> None:
        quoted = quote(list(range(1000)))
        assert MAX_QUOTED_BYTES <= len(quoted) < MAX_QUOTED_BYTES + 10
