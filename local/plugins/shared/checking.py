"""Whether a resource's inputs are what its SDK class takes, at every depth.

The genuine plugins are lenient here: they drop what they don't know and turn "3" into 3. A stand-in
that is to find mistakes isn't.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from local.plugins.shared import sdk
from local.plugins.shared.comparison import render_path
from local.plugins.shared.values import SIGNATURE_KEY, UNKNOWN, Object, Path

_MAX_SHOWN_CHARACTERS: Final = 80
_MAX_LISTED: Final = 40
_HIDDEN: Final = "[secret]"
# What the engine and the genuine plugins keep among the inputs for themselves.
_INTERNAL: Final = "__"


@dataclass(frozen=True)
class Problem:
    """What is wrong at one property; `value` is shown before `reason` unless it is missing."""

    path: Path
    reason: str
    value: Any = UNKNOWN

    def text(self, secrets: Iterable[Path]) -> str:
        """One line for the user, without what is secret."""
        where = render_path(self.path)
        if self.value is UNKNOWN:
            return f"{where}: {self.reason}"
        hidden = any(_overlap(self.path, secret) for secret in secrets)
        return f"{where} = {_HIDDEN if hidden else shown(self.value)}: {self.reason}"


def problems(inputs: Object, fields: Mapping[str, sdk.Field], what: str) -> Iterator[Problem]:
    """All that is wrong with a resource's inputs; `what` is its name for messages."""
    yield from _of_object(inputs, fields, what, ())


def shown(value: Any) -> str:
    """A value for a message: as JSON, and not too much of it."""
    text = json.dumps(value, default=str)
    if len(text) <= _MAX_SHOWN_CHARACTERS:
        return text
    return text[: _MAX_SHOWN_CHARACTERS - 1] + "…"


def listed(values: Iterable[str]) -> str:
    """What is allowed, for a message."""
    names = sorted(values)
    more = f" and {len(names) - _MAX_LISTED} more" if len(names) > _MAX_LISTED else ""
    return ", ".join(names[:_MAX_LISTED]) + more


def _of_object(
    value: Object, fields: Mapping[str, sdk.Field], what: str, path: Path
) -> Iterator[Problem]:
    for name in sorted(value.keys() - fields.keys()):
        if not name.startswith(_INTERNAL):
            yield Problem((*path, name), f"{what} has no such input{_hint(name, fields)}")
    for name, field in fields.items():
        item = value.get(name)
        if item is not None:
            yield from _of_value(item, field.shape, (*path, name))
        elif field.required:
            yield Problem((*path, name), f"missing; {what} requires it")


def _of_value(value: Any, shape: sdk.Shape, path: Path) -> Iterator[Problem]:
    if value is UNKNOWN or value is None:
        return
    match shape:
        case sdk.OneOf(options):
            yield from _of_one_of(value, options, path)
        case sdk.Items(item) if isinstance(value, list):
            for index, each in enumerate(value):
                yield from _of_value(each, item, (*path, index))
        case sdk.Table(item) if _is_object(value):
            for key, each in value.items():
                yield from _of_value(each, item, (*path, key))
        case sdk.Fields(of) if _is_object(value):
            yield from _of_object(value, sdk.fields_of(of), _name(of), path)
        case sdk.Text(allowed) if isinstance(value, str) and allowed and value not in allowed:
            yield Problem(path, f"not one of {listed(allowed)}", value)
        case _ if not _fits(value, shape):
            yield Problem(path, f"{_expected(shape)} is expected, this is {_kind(value)}", value)


def _of_one_of(value: Any, options: tuple[sdk.Shape, ...], path: Path) -> Iterator[Problem]:
    """Nothing if one option likes it, else what the likeliest one says."""
    attempts = [list(_of_value(value, option, path)) for option in options]
    if all(attempts):
        # One that looked inside knows more than one that refused the value as a whole.
        yield from max(attempts, key=lambda found: len(found[0].path))


def _fits(value: Any, shape: sdk.Shape) -> bool:
    match shape:
        case sdk.Anything():
            return True
        case sdk.Text():
            return isinstance(value, str)
        case sdk.Truth():
            return isinstance(value, bool)
        case sdk.Number(whole):
            number = isinstance(value, int) and not isinstance(value, bool)
            return number or (isinstance(value, float) and not whole)
        case sdk.Reference():
            return isinstance(value, str) or _is_signed(value)
        case sdk.File():
            return _is_signed(value)
    return False


def _is_object(value: Any) -> bool:
    return isinstance(value, dict) and SIGNATURE_KEY not in value


def _is_signed(value: Any) -> bool:
    """An asset, an archive or a reference to a resource."""
    return isinstance(value, dict) and SIGNATURE_KEY in value


def _expected(shape: sdk.Shape) -> str:
    match shape:
        case sdk.Number(whole):
            return "a whole number" if whole else "a number"
        case sdk.Fields(of):
            return f"an object ({_name(of)})"
    names: dict[type, str] = {
        sdk.Text: "text",
        sdk.Truth: "true or false",
        sdk.Items: "a list",
        sdk.Table: "an object",
        sdk.Reference: "a resource",
        sdk.File: "a file",
    }
    return names[type(shape)]


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
    return "an object"


def _name(of: type) -> str:
    return of.__name__.removesuffix("Args")


def _hint(name: str, fields: Mapping[str, sdk.Field]) -> str:
    close = difflib.get_close_matches(name, fields, n=1)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; it has {listed(fields)}"


def _overlap(path: Path, secret: Path) -> bool:
    shorter = min(len(path), len(secret))
    return path[:shorter] == secret[:shorter]
