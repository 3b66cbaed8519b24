"""Values of properties: found by the engine's paths, compared inside of JSON, shown on one line."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from local.plugins.shared.comparison import ChangeKind, changes, render_path
from local.plugins.shared.values import Path
from local.preview_diff.steps import SECRET, UNKNOWN

MAX_CHARACTERS: Final = 160
GONE: Final = "(none)"
_STEP: Final = re.compile(
    r"""\.?(?P<name>[A-Za-z_$][\w$]*) | \[(?P<index>\d+)\] | \[(?P<quoted>"(?:[^"\\]|\\.)*")\]""",
    re.VERBOSE,
)


@dataclass(frozen=True, kw_only=True)
class PropertyChange:
    """One property; `old` or `new` is None where it wasn't or won't be there."""

    path: str
    kind: str  # add, delete or update
    old: Any = None
    new: Any = None
    replaces: bool = False


def parse_path(text: str) -> Path:
    """The steps of a path in the engine's notation: `spec.ports[0]["a.b"]`."""
    steps: list[str | int] = []
    position = 0
    while position < len(text):
        found = _STEP.match(text, position)
        if found is None:
            return (text,)  # not that notation: a name as it is
        if found["index"] is not None:
            steps.append(int(found["index"]))
        else:
            steps.append(found["name"] or json.loads(found["quoted"]))
        position = found.end()
    return tuple(steps)


def value_at(value: Any, path: Path) -> Any:
    """The value there; what is inside of a secret is secret, and so with unknown values."""
    for step in path:
        if value in (SECRET, UNKNOWN):
            return value
        if isinstance(value, Mapping):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def expanded(change: PropertyChange) -> Iterator[PropertyChange]:
    """A change of a text that is JSON, such as an IAM policy: what changed inside of it."""
    old, new = _parsed(change.old), _parsed(change.new)
    if change.kind != ChangeKind.UPDATE.value or old is None or new is None:
        yield change
        return
    inside = list(changes(old, new))
    if not inside:
        yield change  # another notation of the same
    for path, kind in inside:
        yield PropertyChange(
            path=f"{change.path} » {render_path(path) or 'all'}",
            kind=kind.value,
            old=value_at(old, path),
            new=value_at(new, path),
            replaces=change.replaces,
        )


def edited_lines(old: Any, new: Any) -> list[str] | None:
    """The lines that differ, with `-` or `+` before each; None where a value has one line only."""
    texts = [each for each in (old, new) if isinstance(each, str)]
    if len(texts) < 2 or not all("\n" in each.rstrip("\n") for each in texts):
        return None
    compared = difflib.ndiff(old.splitlines(), new.splitlines())
    return [_cut(line) for line in compared if line.startswith(("- ", "+ "))]


def shown(value: Any) -> str:
    """On one line, as JSON, and not too much of it; secret and unknown values as bare words."""
    if value is None:
        return GONE
    if value in (SECRET, UNKNOWN):
        return str(value)
    return _cut(json.dumps(value, ensure_ascii=False, sort_keys=True))


def _cut(text: str) -> str:
    if len(text) <= MAX_CHARACTERS:
        return text
    return f"{text[:MAX_CHARACTERS]}… ({len(text)} characters)"


def _parsed(value: Any) -> Any:
    """The object or list that a text holds, else None."""
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(value)
    except ValueError:
        return None
