"""Two resources of a stack that AWS would take for one: the second creation would fail."""

from __future__ import annotations

import threading
from typing import Final

from local.plugins.shared.checking import Problem
from local.plugins.shared.values import UNKNOWN, Object

# In what a name is unique, where that isn't the whole account.
_SCOPES: Final = ("region", "vpcId", "role", "logGroupName", "repository")


class Names:
    """The names that the resources of one provider have; safe to use from many threads."""

    def __init__(self) -> None:
        self._owners: dict[tuple[str, ...], str] = {}
        self._lock = threading.Lock()

    def taken(self, token: str, urn: str, name: str, inputs: Object) -> Problem | None:
        """The problem, if another resource has this one's name."""
        scope = [inputs.get(each) for each in _SCOPES]
        given = inputs.get(name)
        if given is None or UNKNOWN in (given, *scope):
            return None
        key = (token, str(given), *map(str, scope))
        with self._lock:
            owner = self._owners.setdefault(key, urn)
        if owner == urn:
            return None
        other = owner.rpartition("::")[2]
        return Problem((name,), f"the resource {other} has that name already", given)
