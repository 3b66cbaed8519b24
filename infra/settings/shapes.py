"""Shapes that several settings share, and the rules inside of them."""

from typing import Annotated

from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel
from pydantic.dataclasses import dataclass

from infra.settings.types import CpuQuantity, MemoryQuantity, cpu_millis, memory_bytes

STRICT = ConfigDict(
    alias_generator=to_camel,
    coerce_numbers_to_str=True,  # YAML reads `cpu: 1` as a number
    extra="forbid",
    validate_default=True,
)


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ComputeQuantities:
    """CPU and memory as Kubernetes writes them: `250m`, `512Mi`."""

    cpu: CpuQuantity
    memory: MemoryQuantity


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Resources:
    """What a container is promised (requests) and where it is stopped (limits)."""

    requests: ComputeQuantities
    limits: ComputeQuantities

    @field_validator("limits")
    @classmethod
    def _limits_cover_requests(
        cls, limits: ComputeQuantities, info: ValidationInfo
    ) -> ComputeQuantities:
        requests = info.data.get("requests")
        if requests and cpu_millis(limits.cpu) < cpu_millis(requests.cpu):
            raise ValueError(f"must not allow less cpu than is requested ({requests.cpu})")
        if requests and memory_bytes(limits.memory) < memory_bytes(requests.memory):
            raise ValueError(f"must not allow less memory than is requested ({requests.memory})")
        return limits


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Scaling:
    """How many replicas, and what the autoscaler aims at, in per cent of the requests."""

    min_replicas: Annotated[int, Field(ge=1, le=100)] = 2
    max_replicas: Annotated[int, Field(ge=1, le=100)] = 10
    cpu_target_percent: Annotated[int, Field(ge=1, le=1000)] = 70
    # None: memory doesn't scale. It seldom should: TensorFlow does not give memory back.
    memory_target_percent: Annotated[int, Field(ge=1, le=1000)] | None = None
    # Longer than a new pod takes to answer, so that a short dip is not paid with a cold start.
    scale_down_window_seconds: Annotated[int, Field(ge=0, le=3600)] = 300

    @field_validator("max_replicas")
    @classmethod
    def _not_below_min_replicas(cls, max_replicas: int, info: ValidationInfo) -> int:
        if max_replicas < info.data.get("min_replicas", max_replicas):
            raise ValueError(f"must be at least minReplicas ({info.data['min_replicas']})")
        return max_replicas
