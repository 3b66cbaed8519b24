"""The state of a cluster at one moment, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Component:
    """A process of the cluster; `seconds` is how long it has been up, or down."""

    name: str
    is_up: bool
    seconds: int


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """What the gateway says of itself; `complaint` is empty when it is ready."""

    url: str
    complaint: str

    @property
    def is_ready(self) -> bool:
        return not self.complaint


@dataclass(frozen=True, kw_only=True)
class Pod:
    """A pod; CPU in cores and memory in bytes are None until the metrics know them."""

    namespace: str
    name: str
    phase: str
    ready_containers: int
    containers: int
    restarts: int
    age_seconds: float
    cpu_cores: float | None
    memory_bytes: int | None

    @property
    def is_well(self) -> bool:
        return self.phase == "Succeeded" or (
            self.phase == "Running" and self.ready_containers == self.containers
        )


@dataclass(frozen=True, kw_only=True)
class Autoscaler:
    """A HorizontalPodAutoscaler; each metric is (name, current or None, target), for reading."""

    namespace: str
    name: str
    metrics: Sequence[tuple[str, str | None, str]]
    replicas: int
    min_replicas: int
    max_replicas: int


@dataclass(frozen=True, kw_only=True)
class Volume:
    """A claim and its volume; `used_bytes` is None where the files are not on this machine."""

    namespace: str
    claim: str
    phase: str
    size: str
    used_bytes: int | None


@dataclass(frozen=True, kw_only=True)
class WarningEvent:
    """The last time that something went wrong in the same way, and how often it did."""

    age_seconds: float
    count: int
    about: str
    reason: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """The requests that all gateway pods logged within `window_seconds`, probes left out.

    `failed` were answered with status 500 or above. Latencies are None without requests.
    """

    window_seconds: int
    requests: int
    failed: int
    median_ms: float | None
    p95_ms: float | None

    @property
    def requests_per_second(self) -> float:
        return self.requests / self.window_seconds


@dataclass(frozen=True, kw_only=True)
class Objects:
    """What the API server tells; `traffic` is None when a gateway's log can't be read."""

    pods: Sequence[Pod]
    autoscalers: Sequence[Autoscaler]
    volumes: Sequence[Volume]
    warnings: Sequence[WarningEvent]
    traffic: Traffic | None


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A running cluster; `objects` is the API server's complaint when it doesn't answer."""

    cluster: str
    root: Path
    kubeconfig: Path
    components: Sequence[Component]
    gateway: Gateway
    objects: Objects | str

    @property
    def problems(self) -> list[str]:
        """What is not as it should be. Pods that come and go are not: that is scaling."""
        found = [f"{each.name} is down" for each in self.components if not each.is_up]
        if isinstance(self.objects, str):
            found.append(f"the API server does not answer: {self.objects}")
        if not self.gateway.is_ready:
            found.append(f"the gateway {self.gateway.complaint}")
        return found
