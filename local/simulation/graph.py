"""What depends on what, as the engine's state has it: an order that is kept by more than luck.

Pretended AWS takes no time, so what comes first may come first by chance; in AWS it would not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class Graph:
    """Of the resources of a stack, by their URNs."""

    def __init__(self, resources: Iterable[Mapping[str, Any]]) -> None:
        self._needs = {str(resource["urn"]): set(_needs(resource)) for resource in resources}

    def needs(self, urn: str, other: str) -> bool:
        """Whether `urn` depends on `other`, by however many steps."""
        seen: set[str] = set()
        waiting = [urn]
        while waiting:
            for found in self._needs.get(waiting.pop(), set()) - seen:
                if found == other:
                    return True
                seen.add(found)
                waiting.append(found)
        return False


def _needs(resource: Mapping[str, Any]) -> Iterable[str]:
    """A parent, too, is there before its children, and goes after them."""
    yield from resource.get("dependencies") or []
    if parent := resource.get("parent"):
        yield str(parent)
    if provider := resource.get("provider"):
        yield str(provider).rpartition("::")[0]  # <URN>::<id>
