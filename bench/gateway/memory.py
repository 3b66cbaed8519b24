"""What the gateway's processes hold through thousands of mixed requests."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from bench.gateway.figures import Verdict, growth_bytes
from bench.gateway.plan import (
    ALLOWED_PIXELS,
    BROKEN,
    CLIENTS,
    GOAL_BYTES_PER_PIXEL,
    GOAL_GROWTH_BYTES,
    GOAL_RESIDENT_BYTES,
    LARGEST,
    MIXTURE,
)
from bench.gateway.processes import peak_resident_bytes, resident_bytes
from bench.gateway.servers import Around, Server

REQUESTS_PER_SAMPLE = 1000


@dataclass
class Memory:
    """One process: what it held after each thousand requests, and the most that it ever held."""

    name: str
    goal_bytes: float
    samples_bytes: list[int] = field(default_factory=list)
    peak_bytes: int = 0

    def verdicts(self) -> list[Verdict]:
        return [
            Verdict(
                what=f"{self.name}: most MB resident",
                value=self.peak_bytes / 1e6,
                goal=self.goal_bytes / 1e6,
                at_most=True,
            ),
            Verdict(
                what=f"{self.name}: MB more with each 1,000 requests",
                value=growth_bytes(self.samples_bytes) / 1e6,
                goal=GOAL_GROWTH_BYTES / 1e6,
                at_most=True,
            ),
        ]


def watch_memory(around: Around, gateway: Server, requests: int) -> list[Memory]:
    """Through so many mixed requests, a sample after each thousand."""
    memories = _memories(gateway.pids())
    _give_each_worker_the_largest(around, gateway)
    urls = mixed_urls(around)
    for _ in range(max(1, requests // REQUESTS_PER_SAMPLE)):
        told = around.load.ask(
            port=gateway.port, urls=urls, clients=CLIENTS, requests=REQUESTS_PER_SAMPLE
        )
        _check(told["outcomes"])
        if set(gateway.pids()) != set(memories):
            raise SystemExit("a decoding worker was lost; see the gateway's log")
        for pid, memory in memories.items():
            memory.samples_bytes.append(resident_bytes(pid))
            memory.peak_bytes = peak_resident_bytes(pid)
    return list(memories.values())


def _give_each_worker_the_largest(around: Around, gateway: Server) -> None:
    """After it a worker holds more than before; that one meets it late would look like growth."""
    workers = len(gateway.pids()) - 1
    around.load.ask(
        port=gateway.port, urls=[around.url(LARGEST)], clients=workers, requests=3 * workers
    )


def mixed_urls(around: Around) -> list[str]:
    """A thousand, the same ones in the same order each time."""
    urls = [around.url(file) for file, times in MIXTURE.items() for _ in range(times)]
    random.Random(0).shuffle(urls)
    return urls


def _memories(pids: list[int]) -> dict[int, Memory]:
    main, *workers = pids
    of_pixels = GOAL_BYTES_PER_PIXEL * ALLOWED_PIXELS
    found = {main: Memory("gateway", GOAL_RESIDENT_BYTES)}
    for number, pid in enumerate(workers, 1):
        found[pid] = Memory(f"decoding worker {number}", GOAL_RESIDENT_BYTES + of_pixels)
    return found


def _check(outcomes: dict[str, int]) -> None:
    broken = MIXTURE[BROKEN]
    expected = {"200": REQUESTS_PER_SAMPLE - broken, "422": broken}
    if outcomes != expected:
        print(f"  mixed requests were answered with {outcomes}, not {expected}")
