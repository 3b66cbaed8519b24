"""Which cores the servers get, and which what stands around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Fewer leave none to load, source and model.
LEAST_TO_SEPARATE = 4


@dataclass(frozen=True, kw_only=True)
class Cores:
    """`servers` are each server's in its turn; `around` are those of load, source and model."""

    servers: tuple[int, ...]
    around: tuple[int, ...]

    @property
    def shared(self) -> bool:
        return bool(set(self.servers) & set(self.around))

    def __str__(self) -> str:
        if self.shared:
            return (
                f"{len(self.servers)} cores, which they SHARE with load, image source and model: "
                "requests per second are lower than on cores of their own, and ratios nearer to 1"
            )
        return f"{len(self.servers)} of {len(self.servers) + len(self.around)} cores, their own"


def divide(cores: Sequence[int], servers: int | None = None) -> Cores:
    """Half of them for the servers where there are enough, else all for all.

    `servers` says how many instead; it leaves at least one to the others.
    """
    if servers is None:
        if len(cores) < LEAST_TO_SEPARATE:
            return Cores(servers=tuple(cores), around=tuple(cores))
        servers = len(cores) // 2
    if not 1 <= servers < len(cores):
        raise ValueError(f"servers can have 1 to {len(cores) - 1} of {len(cores)} cores alone")
    return Cores(servers=tuple(cores[:servers]), around=tuple(cores[servers:]))
