"""How long a request may take, and how many may run at a time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gateway.errors import DeadlineExceeded, TooManyRequests


class Deadline:
    """The moment by which one request must be answered, shared by all of its steps.

    `end`: that moment, in seconds of its clock.
    """

    def __init__(self, timeout_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.end = clock() + timeout_seconds

    def remaining_seconds(self) -> float:
        """The time that is left, above zero; raises DeadlineExceeded if none is."""
        remaining = self.end - self._clock()
        if remaining <= 0:
            raise DeadlineExceeded("the request took too long; try again later")
        return remaining


class ConcurrencyLimit:
    """A number of places; whoever finds none free is refused at once instead of queued.

    A queue without a bound would hold every waiting image in memory and answer all of them late.
    Used from one event loop only.
    """

    def __init__(self, max_concurrent: int) -> None:
        self._all = self._free = max_concurrent

    @property
    def in_use(self) -> int:
        """How many places are held."""
        return self._all - self._free

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place; raises TooManyRequests if none is free."""
        if self._free == 0:
            raise TooManyRequests("too many requests at a time; try again in a second")
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1

    @contextmanager
    def further_places(self, wanted: int) -> Iterator[int]:
        """Hold up to as many more places as are free; yields how many, perhaps none."""
        taken = min(wanted, self._free)
        self._free -= taken
        try:
            yield taken
        finally:
            self._free += taken
