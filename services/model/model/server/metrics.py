"""Counters and histograms, and the page that Prometheus reads (util/prometheus_exporter.cc).

Names are TensorFlow's own (`/tensorflow/serving/request_count`); on the page every character that
Prometheus forbids becomes a colon, hence the leading one.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from threading import Lock
from typing import Protocol


class Metric(Protocol):
    name: str

    def lines(self) -> Iterator[str]:
        """Its part of the page."""

    def first_value(self) -> int:
        """Of the first series, 0 without any; what ReloadConfigResponse tells."""


class Counter:
    """Counts per combination of label values."""

    def __init__(self, name: str, *labels: str) -> None:
        self.name = name
        self._labels = labels
        self._lock = Lock()
        self._counts: dict[tuple[str, ...], int] = {}

    def add(self, *values: str, count: int = 1) -> None:
        with self._lock:
            self._counts[values] = self._counts.get(values, 0) + count

    def first_value(self) -> int:
        with self._lock:
            return next(iter(self._counts.values()), 0)

    def lines(self) -> Iterator[str]:
        name = prometheus_name(self.name)
        yield f"# TYPE {name} counter"
        with self._lock:
            counts = dict(self._counts)
        for values, count in counts.items():
            yield f"{name}{{{_labels(self._labels, values)}}} {count}"


class Histogram:
    """Counts per bucket, and the sum, per combination of label values."""

    def __init__(self, name: str, *labels: str, limits: Sequence[float]) -> None:
        self.name = name
        self._labels = labels
        self._limits = list(limits)
        self._lock = Lock()
        self._buckets: dict[tuple[str, ...], list[int]] = {}
        self._sums: dict[tuple[str, ...], float] = {}

    def observe(self, *values: str, value: float) -> None:
        index = bisect_left(self._limits, value)
        with self._lock:
            buckets = self._buckets.setdefault(values, [0] * (len(self._limits) + 1))
            buckets[index] += 1
            self._sums[values] = self._sums.get(values, 0.0) + value

    def first_value(self) -> int:
        """A histogram has no integer, as in the real server."""
        return 0

    def lines(self) -> Iterator[str]:
        name = prometheus_name(self.name)
        yield f"# TYPE {name} histogram"
        with self._lock:
            series = [(v, list(counts), self._sums[v]) for v, counts in self._buckets.items()]
        limits = [*(f"{limit:g}" for limit in self._limits), "+Inf"]
        for values, counts, total in series:
            labels = _labels(self._labels, values)
            separator = "," if labels else ""
            for limit, below in zip(limits, accumulate(counts), strict=True):
                yield f'{name}_bucket{{{labels}{separator}le="{limit}"}} {below}'
            yield f"{name}_sum{{{labels}}} {total:.17g}"
            yield f"{name}_count{{{labels}}} {sum(counts)}"


def exponential_limits(scale: float, growth: float, count: int) -> list[float]:
    """Upper bounds of `count` buckets; a last one without a bound comes on top."""
    return [scale * growth**power for power in range(count)]


def prometheus_name(name: str) -> str:
    return re.sub(r"[^a-zA-Z0-9_]", ":", name)


def page(metrics: Sequence[Metric]) -> str:
    """All metrics, in the order of their names."""
    ordered = sorted(metrics, key=lambda metric: metric.name)
    return "\n".join(line for metric in ordered for line in metric.lines()) + "\n"


def _labels(names: Sequence[str], values: Sequence[str]) -> str:
    pairs = zip(names, values, strict=True)
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in pairs)


def _escaped(value: str) -> str:
    # A line break would end the line: callers choose model names.
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
