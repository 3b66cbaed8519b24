"""What a rule of readiness is, and what it may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from local.plugins.kubernetes.kinds import Kind
from local.plugins.shared.values import Object, at


@dataclass(frozen=True)
class Readiness:
    """What a rule says of an object now.

    `doing` is the progress to show; `problems` are the reasons to report when time runs out;
    `hopeless` means that waiting longer can't help.
    """

    ready: bool
    doing: str = ""
    problems: tuple[str, ...] = ()
    hopeless: bool = False


READY = Readiness(ready=True)


class Reader(Protocol):
    """The cluster, for reading."""

    def get(self, kind: Kind, namespace: str, name: str) -> Object | None:
        """The object, or None if there is none."""

    def list(
        self,
        kind: Kind,
        namespace: str,
        *,
        labels: Mapping[str, str] | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> list[Object]:
        """The objects of a namespace with these labels and fields."""


class Rule(Protocol):
    """Judges one object; one rule object serves one wait, and may remember what it saw."""

    def __call__(self, obj: Object, cluster: Reader) -> Readiness:
        """Looks at the object as it is now."""


def count(obj: Object, *path: str) -> int:
    """A number of the object; the API leaves out zeros."""
    value: Any = at(obj, *path)
    return value if isinstance(value, int) else 0


def condition(obj: Object, name: str) -> Object:
    """The status condition of this type, or {}."""
    for item in at(obj, "status", "conditions") or []:
        if at(item, "type") == name:
            found: Object = item
            return found
    return {}


def observed(obj: Object) -> bool:
    """Whether the controller has seen the current spec; before that, its status is of the past."""
    return count(obj, "status", "observedGeneration") >= count(obj, "metadata", "generation")


def is_going(obj: Object) -> bool:
    """Whether somebody deleted the object, and finalizers or dependents still hold it."""
    return at(obj, "metadata", "deletionTimestamp") is not None


def namespace_of(obj: Object) -> str:
    return str(at(obj, "metadata", "namespace") or "")


def name_of(obj: Object) -> str:
    return str(at(obj, "metadata", "name") or "")


def owned_by(obj: Object, owner: Object) -> bool:
    """Whether the object was made for the owner, by uid."""
    uid = at(owner, "metadata", "uid")
    references = at(obj, "metadata", "ownerReferences") or []
    return any(at(reference, "uid") == uid for reference in references)
