"""Sends a share of the requests to the version that is being tried."""

import random
from collections.abc import Callable

from gateway.selection import Selection

CANARY = Selection(label="canary")


class CanaryShare:
    """Chooses the canary for `percent` of those requests that don't choose for themselves."""

    def __init__(self, percent: float, pick: Callable[[], float] = random.random) -> None:
        self._share = percent / 100
        self._pick = pick

    def choose(self) -> Selection | None:
        """The canary, or None for the default version."""
        return CANARY if self._pick() < self._share else None
