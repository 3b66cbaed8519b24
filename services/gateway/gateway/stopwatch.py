"""The time of a request's stages, for its answer and for whoever watches."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from gateway.metrics import Metrics
from gateway.tracing import traced_stage


class Stopwatch:
    """Adds up the seconds that one image spends in named stages."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time inside towards a stage."""
        start = time.perf_counter()
        try:
            with self._metrics.in_stage(name), traced_stage(name):
                yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
