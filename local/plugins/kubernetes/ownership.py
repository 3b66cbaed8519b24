"""Who owns what of an object under server-side apply, and what `ignore_changes` makes of it.

A field left out of an apply is given up by its manager, and a field sent is claimed. So an ignored
field that another manager owns (an autoscaler's replicas) is left out, and one of our own is sent
with its live value.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from typing import Any, Final

from local.plugins.shared.values import Object, Path, at

_STEP: Final = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\.?([^.\[\]]+)')


def keep_ignored(inputs: Object, live: Object, ignored: Sequence[str], manager: str) -> Object:
    """A copy of `inputs` that leaves the fields at the `ignored` property paths as they are."""
    kept = copy.deepcopy(inputs)
    for text in ignored:
        path = parse_path(text)
        value = at(live, *path)
        if value is None:
            continue
        if _owned_only_by_others(live, path, manager):
            _remove(kept, path)
        else:
            _put(kept, path, value)
    return kept


def applied_by(live: Object, manager: str) -> bool:
    """Whether this manager made the object, or owns a part of it."""
    entries = at(live, "metadata", "managedFields") or []
    return any(entry.get("manager") == manager for entry in entries)


def parse_path(text: str) -> Path:
    """Reads the engine's notation: `spec.ports[0].name`, `data["a.b"]`."""
    steps: list[str | int] = []
    for quoted, index, plain in _STEP.findall(text):
        steps.append(int(index) if index else plain or quoted.replace('\\"', '"'))
    return tuple(steps)


def _owned_only_by_others(live: Object, path: Path, manager: str) -> bool:
    """Fields inside lists count as ours: managedFields name list items by key, not by index."""
    if any(isinstance(step, int) for step in path):
        return False
    owners = {
        entry.get("manager")
        for entry in at(live, "metadata", "managedFields") or []
        if at(entry, "fieldsV1", *(f"f:{step}" for step in path)) is not None
    }
    return bool(owners) and manager not in owners


def _remove(obj: Any, path: Path) -> None:
    parent = at(obj, *path[:-1])
    if isinstance(parent, dict):
        parent.pop(path[-1], None)


def _put(obj: Any, path: Path, value: Any) -> None:
    for step in path[:-1]:
        obj = obj.setdefault(step, {}) if isinstance(obj, dict) else at(obj, step)
    last = path[-1]
    is_item = isinstance(obj, list) and isinstance(last, int) and last < len(obj)
    if is_item or isinstance(obj, dict):
        obj[last] = value
