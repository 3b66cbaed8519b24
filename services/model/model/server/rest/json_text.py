"""JSON as the real server reads and quotes it (util/json_tensor.cc, on RapidJSON)."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from model.server.errors import ServingError, invalid_argument

# Quotations in errors end after the piece that reaches this.
MAX_QUOTED_BYTES = 256
INDENT = "    "

_BLANKS = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()
# Python's message to RapidJSON's; the comma's depends on where it is missing.
_PARSE_ERRORS = {
    "Expecting value": "Invalid value.",
    "Expecting property name enclosed in double quotes": "Missing a name for object member.",
    "Illegal trailing comma before end of object": "Missing a name for object member.",
    "Illegal trailing comma before end of array": "Invalid value.",
    "Expecting ':' delimiter": "Missing a colon after a name of object member.",
    "Unterminated string starting at": "Missing a closing quotation mark in string.",
    "Invalid control character at": "Invalid encoding in string.",
    "Invalid \\escape": "Invalid escape character in string.",
    "Invalid \\uXXXX escape": "Incorrect hex digit after \\u escape in string.",
}


def parse_object(body: bytes) -> dict[str, Any]:
    """Parse a request's body; what follows its first value isn't looked at.

    Raises:
        ServingError: INVALID_ARGUMENT: no JSON, or no object.
    """
    if not body:
        raise invalid_argument("JSON Parse error: The document is empty")
    try:
        text = body.decode()
        start = _BLANKS.match(text)
        document, _ = _DECODER.raw_decode(text, start.end() if start else 0)
    except UnicodeDecodeError as error:
        raise _parse_error("Invalid encoding in string.", error.start) from error
    except json.JSONDecodeError as error:
        raise _parse_error(_reason(error), error.pos) from error
    except RecursionError as error:
        raise _parse_error("Terminate parsing due to Handler error.", 0) from error
    if not isinstance(document, dict):
        raise format_error(document, "Is not object")
    return document


def _parse_error(reason: str, offset: int) -> ServingError:
    return invalid_argument(f"JSON Parse error: {reason} at offset: {offset}")


def _reason(error: json.JSONDecodeError) -> str:
    if error.pos >= len(error.doc.rstrip()) and not error.doc.strip():
        return "The document is empty."
    message = error.msg.removesuffix(" in string")
    if message == "Expecting ',' delimiter":
        return (
            "Missing a comma or } after an object member."
            if _innermost(error.doc[: error.pos]) == "{"
            else "Missing a comma or ] after an array element."
        )
    return _PARSE_ERRORS.get(message, "Invalid value.")


def _innermost(text: str) -> str:
    """The bracket that is still open at the end of a text that was well-formed up to there."""
    without_strings = re.sub(r'"(?:[^"\\]|\\.)*"', "", text)
    opened: list[str] = []
    for character in re.findall(r"[\[\]{}]", without_strings):
        if character in "[{":
            opened.append(character)
        else:
            opened.pop()
    return opened[-1]


def format_error(value: Any, complaint: str) -> ServingError:
    return invalid_argument(f"JSON Value: {quote(value)} {complaint}")


def type_error(value: Any, dtype: str) -> ServingError:
    return format_error(value, f"Type: {type_name(value)} is not of expected type: {dtype}")


def type_name(value: Any) -> str:
    match value:
        case None:
            return "Null"
        case bool():
            return str(value)
        case dict():
            return "Object"
        case list():
            return "Array"
        case str():
            return "String"
        case _:
            return "Number"


def quote(value: Any) -> str:
    """The value as errors show it: objects over several lines, long ones cut."""
    quoted = ""
    for piece in _pieces(value, ""):
        if len(quoted.encode()) >= MAX_QUOTED_BYTES:
            break
        quoted += piece
    return quoted


def _pieces(value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, list):
        yield "["
        for index, item in enumerate(value):
            yield ", " if index else ""
            yield from _pieces(item, indent)
        yield "]"
    elif isinstance(value, dict) and value:
        yield "{"
        for index, (key, item) in enumerate(value.items()):
            yield "," if index else ""
            yield f"\n{indent}{INDENT}{json.dumps(key, ensure_ascii=False)}: "
            yield from _pieces(item, indent + INDENT)
        yield f"\n{indent}}}"
    elif isinstance(value, float) and not math.isfinite(value):
        yield ""  # RapidJSON's writer leaves them out
    else:
        yield json.dumps(value, ensure_ascii=False)
