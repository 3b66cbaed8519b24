"""Requests and latency, from the line of JSON that the gateway logs for each request."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Iterator
from typing import Any

from local.status.snapshot import Traffic

# The gateway logs these only when they fail, so they are no measure of anything.
_PROBES = ("/healthz", "/readyz")
_PERCENTILE = 95


def read_traffic(logs: Iterable[str], window_seconds: int) -> Traffic:
    """`logs` holds what each gateway pod logged within the window."""
    requests = [request for log in logs for request in _requests(log)]
    times_ms = [float(request["duration_ms"]) for request in requests]
    return Traffic(
        window_seconds=window_seconds,
        requests=len(requests),
        failed=sum(request["status"] >= 500 for request in requests),
        median_ms=statistics.median(times_ms) if times_ms else None,
        p95_ms=_p95(times_ms) if times_ms else None,
    )


def _requests(log: str) -> Iterator[dict[str, Any]]:
    entries = (entry for line in log.splitlines() if (entry := _decoded(line)) is not None)
    return (
        entry
        for entry in entries
        if entry.get("message") == "request" and entry["path"] not in _PROBES
    )


def _decoded(line: str) -> dict[str, Any] | None:
    """The line's entry; None for what others write into the same log, such as Python itself."""
    try:
        entry = json.loads(line)
    except json.JSONDecodeError:
        return None
    return entry if isinstance(entry, dict) else None


def _p95(times_ms: list[float]) -> float:
    """The nearest-rank percentile: a time that a request really took."""
    rank = -(-len(times_ms) * _PERCENTILE // 100)
    return sorted(times_ms)[rank - 1]
