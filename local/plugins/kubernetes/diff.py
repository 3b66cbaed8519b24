"""What changed between two versions of a resource's inputs, and what that means for the object.

Compared are inputs with inputs: the API server fills in and rewrites so much that comparing its
answer would show changes for ever. Drift comes in through `Read`, which puts it into the inputs.
"""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from local.plugins.kubernetes import directives
from local.plugins.kubernetes.kinds import Kind
from local.plugins.kubernetes.replacement import replaces
from local.plugins.kubernetes.settings import ProviderSettings
from local.plugins.kubernetes.values import Object, Path, at, without_nulls

_PLAIN_KEY: Final = re.compile(r"[A-Za-z_$][\w$]*")


class ChangeKind(enum.Enum):
    """Of one property."""

    ADD = "add"
    DELETE = "delete"
    UPDATE = "update"


@dataclass(frozen=True)
class Change:
    """One property that changed; `replaces` tells whether that makes a new object."""

    path: Path
    kind: ChangeKind
    replaces: bool


@dataclass(frozen=True)
class Difference:
    """All changes; `delete_first` if the old object must go before its replacement comes."""

    changes: tuple[Change, ...]
    delete_first: bool


def difference(
    old: Object, new: Object, kind: Kind, *, namespaced: bool, settings: ProviderSettings
) -> Difference:
    """Compares old and new inputs; nulls count as missing."""
    old, new = _canonical(old, namespaced, settings), _canonical(new, namespaced, settings)
    changes = tuple(
        Change(path, change, _replaces(path, old, new, kind, settings))
        for path, change in _walk(old, new, ())
    )
    replaced = any(change.replaces for change in changes)
    return Difference(changes, delete_first=replaced and _keeps_its_name(old, new))


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


def _canonical(inputs: Object, namespaced: bool, settings: ProviderSettings) -> Object:
    """Without nulls, and with the namespace that the object really has."""
    inputs = without_nulls(inputs)
    metadata = inputs.get("metadata")
    if isinstance(metadata, dict):
        if namespaced:
            metadata.setdefault("namespace", settings.default_namespace)
        else:
            metadata.pop("namespace", None)
    return inputs


def _walk(old: Any, new: Any, path: Path) -> Iterator[tuple[Path, ChangeKind]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _walk_member(old, new, key, (*path, key))
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            yield from _walk_item(old, new, index, (*path, index))
    elif not _equal(old, new):
        yield path, ChangeKind.UPDATE


def _walk_member(
    old: Object, new: Object, key: str, path: Path
) -> Iterator[tuple[Path, ChangeKind]]:
    if key not in old:
        yield path, ChangeKind.ADD
    elif key not in new:
        yield path, ChangeKind.DELETE
    else:
        yield from _walk(old[key], new[key], path)


def _walk_item(
    old: list[Any], new: list[Any], index: int, path: Path
) -> Iterator[tuple[Path, ChangeKind]]:
    if index >= len(old):
        yield path, ChangeKind.ADD
    elif index >= len(new):
        yield path, ChangeKind.DELETE
    else:
        yield from _walk(old[index], new[index], path)


def _equal(old: Any, new: Any) -> bool:
    """Not `==` alone: to Python, True equals 1."""
    return isinstance(old, bool) == isinstance(new, bool) and bool(old == new)


def _replaces(path: Path, old: Object, new: Object, kind: Kind, settings: ProviderSettings) -> bool:
    if path == ("apiVersion",):
        # Another version of the same group is another view of the same object.
        return _group(old) != _group(new)
    return replaces(path, kind, new, settings)


def _group(inputs: Object) -> str:
    return str(inputs.get("apiVersion", "")).rpartition("/")[0]


def _keeps_its_name(old: Object, new: Object) -> bool:
    """Two objects of one name can't live in one namespace; an auto-named one gets a new name."""
    if directives.is_true(new, directives.AUTONAMED):
        return False
    return all(
        at(old, "metadata", field) == at(new, "metadata", field) for field in ("name", "namespace")
    )
