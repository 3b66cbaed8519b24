"""Requests per second and latency from the gateway's own log lines."""

from __future__ import annotations

import json

import pytest

from local.status.traffic import read_traffic


def _line(duration_ms: float, status: int = 200, path: str = "/predict") -> str:
    return json.dumps(
        {
            "time": "2026-03-01T12:00:00.000+00:00",
            "level": "info",
            "message": "request",
            "method": "POST",
            "path": path,
            "status": status,
            "duration_ms": duration_ms,
        }
    )


class TestTraffic:
    """All pods' lines within the window, probes and other messages left out."""

    def test_lines_of_all_pods_count(self) -> None:
        traffic = read_traffic(["\n".join([_line(10), _line(30)]), _line(20)], window_seconds=30)
        assert traffic.requests_per_second == pytest.approx(0.1)
        assert traffic.median_ms == 20
        assert traffic.failed == 0

    def test_the_percentile_is_a_time_that_a_request_took(self) -> None:
        log = "\n".join(_line(milliseconds) for milliseconds in range(1, 101))
        assert read_traffic([log], window_seconds=30).p95_ms == 95
        assert read_traffic([_line(7)], window_seconds=30).p95_ms == 7

    def test_a_server_error_is_a_failure_and_a_refusal_is_not(self) -> None:
        log = "\n".join([_line(1, 200), _line(1, 400), _line(1, 503), _line(1, 504)])
        traffic = read_traffic([log], window_seconds=30)
        assert (traffic.requests, traffic.failed) == (4, 2)

    def test_probes_and_other_lines_are_no_requests(self) -> None:
        others = [
            _line(1, 503, "/readyz"),
            _line(1, 500, "/healthz"),
            json.dumps({"level": "info", "message": "ready"}),
            "Traceback (most recent call last):",
            "42",
            "",
        ]
        traffic = read_traffic(["\n".join(others)], window_seconds=30)
        assert traffic.requests == 0
        assert traffic.median_ms is None
        assert traffic.p95_ms is None
