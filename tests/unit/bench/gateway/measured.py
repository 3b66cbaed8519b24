"""Measured figures made up, as far as a test wants them."""

from __future__ import annotations

from collections.abc import Sequence

from bench.gateway.figures import Ceiling, Comparison, Limit, Round, Side


def side(
    *per_second: float,
    latencies: Sequence[float] = (0.1,),
    cpu_seconds: float = 0.010,
    around_cpu_seconds: float = 0.001,
) -> Side:
    """A server with a round of one second for each of the rates; CPU seconds are of a request."""
    return Side(
        [
            Round(
                seconds=1,
                answered=round(each),
                latencies_seconds=latencies,
                server_cpu_seconds=cpu_seconds * len(latencies),
                around_cpu_seconds=around_cpu_seconds * len(latencies),
            )
            for each in per_second
        ]
    )


def ceiling(*, scaled_seconds: float = 0.002, shared: bool = True) -> Ceiling:
    return Ceiling(
        decode_seconds=0.004,
        scaled_seconds=scaled_seconds,
        course=side(100, cpu_seconds=0.010),
        gateway=side(200, cpu_seconds=0.004),
        shared=shared,
    )


def comparison(
    *, course: Side | None = None, gateway: Side | None = None, shared: bool = True
) -> Comparison:
    return Comparison(
        course=course or side(100),
        gateway=gateway or side(200, cpu_seconds=0.004),
        limits=[Limit(per_second=400, cpu_seconds=0.003)],
        shared=shared,
    )
