"""The benchmark's arithmetic: from what was measured to what is said of it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Round:
    """One turn of one server under load.

    `answered` are right answers within `seconds`; latencies and CPU seconds are of those that
    `failed`, too. `around_cpu_seconds`: of load, image source and model.
    """

    seconds: float
    answered: int
    failed: int = 0
    latencies_seconds: Sequence[float]
    server_cpu_seconds: float
    around_cpu_seconds: float

    @property
    def per_second(self) -> float:
        return self.answered / self.seconds


@dataclass(frozen=True)
class Side:
    """All turns of one server."""

    rounds: Sequence[Round]

    @property
    def per_second(self) -> float:
        """Requests, in the median round."""
        return statistics.median(each.per_second for each in self.rounds)

    @property
    def failed(self) -> int:
        """Requests that were not answered rightly, in all rounds."""
        return sum(each.failed for each in self.rounds)

    @property
    def p99_seconds(self) -> float:
        """Of all requests: a round alone may have too few."""
        return percentile([one for each in self.rounds for one in each.latencies_seconds], 99)

    @property
    def cpu_seconds(self) -> float:
        """That the server takes for a request."""
        return statistics.median(
            each.server_cpu_seconds / len(each.latencies_seconds) for each in self.rounds
        )

    @property
    def around_cpu_seconds(self) -> float:
        """That load, image source and model take for a request."""
        return statistics.median(
            each.around_cpu_seconds / len(each.latencies_seconds) for each in self.rounds
        )


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A bare loop: how often a second all its processes together, and CPU seconds each time."""

    per_second: float
    cpu_seconds: float


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """What decoding alone takes of a request, in CPU seconds, and what that leaves to gain.

    `decode_seconds`: of all pixels, as the course does; `scaled_seconds`: of as few as ours does.
    `shared`: load, source and model take their time from the same cores.
    """

    decode_seconds: float
    scaled_seconds: float
    course: Side
    gateway: Side
    shared: bool

    @property
    def course_share(self) -> float:
        """Of the course's request."""
        return self.decode_seconds / self.course.cpu_seconds

    @property
    def gateway_share(self) -> float:
        """Of ours."""
        return self.scaled_seconds / self.gateway.cpu_seconds

    @property
    def ratio(self) -> float:
        """By which a gateway would beat the course's if all but its decoding were free."""
        if not self.shared:
            return self.course.cpu_seconds / self.scaled_seconds
        course = self.course.cpu_seconds + self.course.around_cpu_seconds
        return course / (self.scaled_seconds + self.gateway.around_cpu_seconds)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The gateway beside the course's and the bare loop: one image, one size of the model."""

    course: Side
    gateway: Side
    limits: Sequence[Limit]
    shared: bool

    @property
    def ratio(self) -> float:
        """Requests a second, ours to the course's: the median of those of each round's two turns.

        The machine may be slower in one minute than in another, for both.
        """
        turns = zip(self.gateway.rounds, self.course.rounds, strict=True)
        return statistics.median(ours.per_second / course.per_second for ours, course in turns)

    @property
    def ratio_by_cpu(self) -> float:
        """The same by CPU time, what stands around included where it takes it from the same cores.

        Other work on the machine, which takes time from either side as it comes, matters less.
        """
        course, ours = self.course.cpu_seconds, self.gateway.cpu_seconds
        if self.shared:
            course += self.course.around_cpu_seconds
            ours += self.gateway.around_cpu_seconds
        return course / ours

    @property
    def p99_ratio(self) -> float:
        """Ours to the course's."""
        return self.gateway.p99_seconds / self.course.p99_seconds

    @property
    def limit_per_second(self) -> float:
        """Of the bare loop, in the median round."""
        return statistics.median(each.per_second for each in self.limits)

    @property
    def share_of_limit(self) -> float:
        """Speed of the gateway to that of the bare loop.

        By the clock where the gateway has its cores for itself; where load, source and model take
        their time from the same cores, by the CPU time that the gateway's own processes take.
        """
        if not self.shared:
            return self.gateway.per_second / self.limit_per_second
        limit = statistics.median(each.cpu_seconds for each in self.limits)
        return limit / self.gateway.cpu_seconds


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A figure and its goal."""

    what: str
    value: float
    goal: float
    at_most: bool = False

    @property
    def reached(self) -> bool:
        return self.value <= self.goal if self.at_most else self.value >= self.goal

    def __str__(self) -> str:
        kind = "at most" if self.at_most else "at least"
        word = "reached" if self.reached else "MISSED"
        return f"{self.what}: {self.value:.2f}, goal {kind} {self.goal:g}: {word}"


def percentile(values: Sequence[float], percent: float) -> float:
    """The least value that so many percent of them don't exceed (nearest rank)."""
    if not values:
        raise ValueError("no values, no percentile")
    rank = math.ceil(len(values) * percent / 100)
    return sorted(values)[max(rank, 1) - 1]


def growth_bytes(resident_bytes: Sequence[int]) -> float:
    """By how many bytes a process grows with each sample: the slope of its second half.

    The first half is left out: caches fill, and the heap finds its size.
    """
    late = resident_bytes[len(resident_bytes) // 2 :]
    if len(late) < 2:
        return 0.0
    return statistics.linear_regression(range(len(late)), late).slope
