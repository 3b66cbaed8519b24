"""Reading inputs of which some are not known before the update."""

import json
from collections.abc import Mapping
from typing import Any

UNKNOWN = object()


def is_set(value: object) -> bool:
    """Whether it has a value, known or not."""
    return value is UNKNOWN or bool(value)


def is_one_of(value: object, *allowed: object) -> bool:
    """Whether it is allowed, or not known yet."""
    return value is UNKNOWN or value in allowed


def items(value: object) -> list[Any]:
    """The known items of a list that may be missing or unknown."""
    listed = value if isinstance(value, list) else []
    return [item for item in listed if item is not UNKNOWN]


def fields(value: object) -> Mapping[str, Any]:
    """The fields of an object that may be missing or unknown."""
    return value if isinstance(value, Mapping) else {}


def document(value: object) -> Mapping[str, Any]:
    """A JSON text's object; empty while it isn't known."""
    if isinstance(value, str):
        return fields(json.loads(value))
    return fields(value)
