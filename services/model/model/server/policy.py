"""What to load or unload next, so that a model that serves goes on serving.

Rules of core/availability_preserving_policy.cc: an unwanted version stays until a wanted one
serves, so a swap needs the memory of both for a moment.
"""

from collections.abc import Set
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    version: int


@dataclass(frozen=True)
class Unload:
    version: int


def next_action(*, wanted: Set[int], serving: Set[int], waiting: Set[int]) -> Load | Unload | None:
    """The next step, None when there is none.

    Args:
        wanted: versions that the policy asks for.
        serving: versions that are loaded.
        waiting: wanted versions that aren't to be loaded now: they failed, or retry later.
    """
    unwanted = serving - wanted
    if unwanted and (not wanted or wanted & serving or len(unwanted) > 1):
        return Unload(min(unwanted))
    loadable = wanted - serving - waiting
    return Load(max(loadable)) if loadable else None
