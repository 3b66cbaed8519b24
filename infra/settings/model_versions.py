"""Which versions of a model answer under which label, and how requests are put together."""

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from infra.settings.shapes import STRICT

# A version is the name of a folder and an int64 of the server.
Version = Annotated[int, Field(ge=1, le=2**63 - 1)]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ModelVersions:
    """The versions that bear a label. Without one, the newest version answers.

    Labels may move in one step, forwards and back: each server moves its label once it has loaded
    the version, and answers with the earlier one until then.
    """

    stable: Version | None = None  # what the gateway asks for
    canary: Version | None = None
    # Of the requests that choose no version themselves.
    canary_percent: Annotated[int, Field(ge=0, le=100)] = 0

    @field_validator("canary")
    @classmethod
    def _beside_a_stable_one(cls, canary: int | None, info: ValidationInfo) -> int | None:
        if canary is not None and info.data.get("stable") is None:
            raise ValueError("needs a stable version beside it (versions.stable)")
        return canary

    @field_validator("canary_percent")
    @classmethod
    def _of_a_canary(cls, canary_percent: int, info: ValidationInfo) -> int:
        if canary_percent and info.data.get("canary", 0) is None:
            raise ValueError("needs a version that gets the share (versions.canary)")
        return canary_percent

    @property
    def labels(self) -> dict[str, int]:
        """Version by label."""
        given = {"stable": self.stable, "canary": self.canary}
        return {label: version for label, version in given.items() if version is not None}


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Batching:
    """How the server puts requests together, see BatchingParameters of TensorFlow Serving.

    Worth its while on GPUs. One wrongly shaped request fails all of its batch, so that clients
    other than the gateway should be kept away.
    https://github.com/tensorflow/serving/blob/master/tensorflow_serving/batching/README.md
    """

    max_batch_size: Annotated[int, Field(ge=1, le=4096)] = 32  # images
    batch_timeout_micros: Annotated[int, Field(ge=0, le=1_000_000)] = 2000
    # More are refused (UNAVAILABLE), so that clients try another pod.
    max_enqueued_batches: Annotated[int, Field(ge=1, le=10_000)] = 16
    # Smaller batches are padded up to the next of these. Empty: none is padded.
    allowed_batch_sizes: tuple[Annotated[int, Field(ge=1)], ...] = ()

    @field_validator("allowed_batch_sizes")
    @classmethod
    def _rising_to_the_largest(
        cls, sizes: tuple[int, ...], info: ValidationInfo
    ) -> tuple[int, ...]:
        largest = info.data.get("max_batch_size")
        if sizes and (list(sizes) != sorted(set(sizes)) or sizes[-1] != largest):
            raise ValueError(f"must rise, and end with maxBatchSize ({largest})")
        return sizes
