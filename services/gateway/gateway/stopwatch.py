"""The time of a request's stages, for its answer and for whoever watches."""

import time
from types import TracebackType

from gateway.metrics import Metrics
from gateway.tracing import traced_stage


class Stopwatch:
    """Adds up the seconds that one image spends in named stages."""

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics
        self.seconds: dict[str, float] = {}

    def stage(self, name: str) -> "Stage":
        """Count the time inside towards a stage."""
        return Stage(self, name)


class Stage:
    """A context manager, and no generator: three for each image."""

    def __init__(self, stopwatch: Stopwatch, name: str) -> None:
        self._stopwatch = stopwatch
        self._name = name
        self._span = traced_stage(name)

    def __enter__(self) -> None:
        self._start = time.perf_counter()
        self._stopwatch.metrics.enter_stage(self._name)
        self._span.__enter__()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._span.__exit__(exc_type, exc, traceback)
        seconds = time.perf_counter() - self._start
        self._stopwatch.metrics.leave_stage(self._name, seconds)
        total = self._stopwatch.seconds.get(self._name, 0.0)
        self._stopwatch.seconds[self._name] = total + seconds
