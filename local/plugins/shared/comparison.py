"""What changed between two property bags, path by path."""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Iterator
from typing import Any, Final

from local.plugins.shared.values import Object, Path

_PLAIN_KEY: Final = re.compile(r"[A-Za-z_$][\w$]*")


class ChangeKind(enum.Enum):
    """Of one property."""

    ADD = "add"
    DELETE = "delete"
    UPDATE = "update"


def changes(old: Any, new: Any, path: Path = ()) -> Iterator[tuple[Path, ChangeKind]]:
    """The paths at which two values differ, the deepest that say so; in a stable order."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _of_member(old, new, key, (*path, key))
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            yield from _of_item(old, new, index, (*path, index))
    elif not _equal(old, new):
        yield path, ChangeKind.UPDATE


def render_path(path: Path) -> str:
    """In the engine's notation: `spec.ports[0].name`, `data["a.b"]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN_KEY.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f"[{json.dumps(step)}]"
    return text


def within(path: Path, field: str) -> bool:
    """Whether the path is the field, is inside it, or holds it (its parent was added or gone).

    `field` is dotted; list positions don't count in it.
    """
    steps = tuple(field.split("."))
    named = tuple(step for step in path if not isinstance(step, int))
    return named[: len(steps)] == steps or steps[: len(named)] == named


def _of_member(old: Object, new: Object, key: str, path: Path) -> Iterator[tuple[Path, ChangeKind]]:
    if key not in old:
        yield path, ChangeKind.ADD
    elif key not in new:
        yield path, ChangeKind.DELETE
    else:
        yield from changes(old[key], new[key], path)


def _of_item(
    old: list[Any], new: list[Any], index: int, path: Path
) -> Iterator[tuple[Path, ChangeKind]]:
    if index >= len(old):
        yield path, ChangeKind.ADD
    elif index >= len(new):
        yield path, ChangeKind.DELETE
    else:
        yield from changes(old[index], new[index], path)


def _equal(old: Any, new: Any) -> bool:
    """Not `==` alone: to Python, True equals 1."""
    return isinstance(old, bool) == isinstance(new, bool) and bool(old == new)
