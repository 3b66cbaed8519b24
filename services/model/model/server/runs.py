"""One request's run of a graph: its time limit, and who learns how long it took."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from model.server.registry import Servable


def _nobody(_: float) -> None:
    """For runs that aren't measured, such as warm-up."""


@dataclass(frozen=True, kw_only=True)
class GraphRun:
    """Attributes: timeout_seconds: None is no limit; measured: gets the seconds of a good run."""

    timeout_seconds: float | None = None
    measured: Callable[[float], None] = _nobody

    def __call__(
        self, servable: Servable, feeds: Mapping[str, Any], fetches: list[str]
    ) -> list[Any]:
        """As Servable.run."""
        started = time.monotonic()
        results = servable.run(feeds, fetches, self.timeout_seconds)
        self.measured(time.monotonic() - started)
        return results
