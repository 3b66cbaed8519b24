"""What changed between two versions of a resource's inputs, and what that means for the object.

Compared are inputs with inputs: the API server fills in and rewrites so much that comparing its
answer would show changes for ever. Drift comes in through `Read`, which puts it into the inputs.
"""

from __future__ import annotations

from dataclasses import dataclass

from local.plugins.kubernetes import directives
from local.plugins.kubernetes.kinds import Kind
from local.plugins.kubernetes.replacement import replaces
from local.plugins.kubernetes.settings import ProviderSettings
from local.plugins.shared.comparison import ChangeKind
from local.plugins.shared.comparison import changes as changed_paths
from local.plugins.shared.values import Object, Path, at, without_nulls


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
        for path, change in changed_paths(old, new)
    )
    replaced = any(change.replaces for change in changes)
    return Difference(changes, delete_first=replaced and _keeps_its_name(old, new))


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
