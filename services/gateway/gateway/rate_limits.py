"""How often one caller may ask."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from gateway.errors import RateLimited

SECONDS_PER_MINUTE = 60


@dataclass
class _Bucket:
    tokens: float
    filled_at: float


class RateLimits:
    """A token bucket per client: `burst` requests at once, then `per_minute`, evenly.

    Each pod counts for itself: behind a load balancer a client gets up to as many times its rate as
    there are pods. Clients are names of API keys, so there are no more buckets than keys ever used.
    Used from one event loop only.
    """

    def __init__(
        self, *, per_minute: int, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = per_minute / SECONDS_PER_MINUTE
        self._burst = burst
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def count(self, client: str) -> None:
        """Count a request of a client; raises RateLimited if it is one too many."""
        now = self._clock()
        bucket = self._buckets.setdefault(client, _Bucket(self._burst, now))
        refilled = bucket.tokens + (now - bucket.filled_at) * self._per_second
        bucket.tokens = min(self._burst, refilled)
        bucket.filled_at = now
        if bucket.tokens < 1:
            wait_seconds = (1 - bucket.tokens) / self._per_second
            raise RateLimited("more requests than your rate allows; wait and go on", wait_seconds)
        bucket.tokens -= 1
