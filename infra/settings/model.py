"""One model: where it comes from, what its servers get, and what the gateway must know of it."""

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from infra.model_contract import Contract, Contracts, require_fit
from infra.settings.image_origin import ImageReferenceOrBuilt, require_something_to_build
from infra.settings.model_source import ModelSource
from infra.settings.model_versions import Batching, ModelVersions
from infra.settings.shapes import STRICT, ComputeQuantities, Resources, Scaling
from infra.settings.types import DnsLabelOrNone, MemoryQuantity, ModelName

DEFAULT_SIGNATURE = "serving_default"  # TensorFlow's own name for it


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ModelDescription:
    """What the gateway must know of a model that lacks the signature `describe`."""

    # One name per score, in the model's order; a comma separates them on the way to the gateway.
    labels: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[^,\s]([^,\n]*[^,\s])?$")], ...], Field(min_length=1)
    ]
    input_height: Annotated[int, Field(ge=1, le=8192)]  # pixels
    input_width: Annotated[int, Field(ge=1, le=8192)]  # pixels
    resize_filter: Literal["nearest", "bilinear", "bicubic", "lanczos"]
    # What was done to pictures in training, as Keras names it; `none` if the model does it.
    preprocessing: Literal["none", "tf", "torch", "caffe", "rescale"] = "none"
    channel_order: Literal["rgb", "bgr"] = "rgb"

    @field_validator("labels")
    @classmethod
    def _each_once(cls, labels: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(labels)) != len(labels):
            raise ValueError("must name each class once")
        return labels


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ModelSettings:
    """One model: where it comes from, and what its servers get."""

    name: ModelName
    # Carries the SavedModel and the program that syncs it onto the volume.
    image: Annotated[ImageReferenceOrBuilt, AfterValidator(require_something_to_build)] = ""
    source: ModelSource = field(default_factory=ModelSource)
    versions: ModelVersions = field(default_factory=ModelVersions)
    batching: Batching | None = None  # None: each request by itself
    warm_up: bool = True  # with the requests that the model brings, before it answers others
    signature: Annotated[str, Field(min_length=1)] = DEFAULT_SIGNATURE
    description: ModelDescription | None = None  # None: the model describes itself
    scaling: Scaling = field(default_factory=Scaling)
    resources: Resources = field(
        default_factory=lambda: Resources(
            requests=ComputeQuantities(cpu="1", memory="2Gi"),
            limits=ComputeQuantities(cpu="4", memory="4Gi"),
        )
    )
    # Of each pod: whole GPUs, or one share where the group's nodes share them.
    gpus: Annotated[int, Field(ge=0, le=16)] = 0
    # A group in gpuNodes, or of other nodes that bear the label serving/node-group. Empty: any.
    node_group: DnsLabelOrNone = ""
    paused: bool = False  # no pods at all; the gateway answers 503 for it
    volume_size: MemoryQuantity = "5Gi"  # holds all kept versions and the next one
    contracts: Contracts = ""  # type: ignore[assignment]  # a folder of <version>.json; empty: none

    @field_validator("node_group")
    @classmethod
    def _of_gpus(cls, node_group: str, info: ValidationInfo) -> str:
        if node_group and info.data.get("gpus") == 0:
            raise ValueError("needs gpus of at least 1: such nodes take no other pods")
        return node_group

    @field_validator("contracts")
    @classmethod
    def _they_fit(
        cls, contracts: Mapping[int, Contract], info: ValidationInfo
    ) -> Mapping[int, Contract]:
        known = info.data
        if contracts and known.keys() >= {
            *("source", "versions", "batching", "resources", "volume_size")
        }:
            require_fit(
                contracts,
                labels=known["versions"].labels,
                keep=known["source"].keep_versions,
                volume=known["volume_size"],
                memory=known["resources"].limits.memory,
                max_batch_size=known["batching"].max_batch_size if known["batching"] else None,
            )
        return contracts

    @property
    def served_contract(self) -> Contract | None:
        """Of the version that callers get by default."""
        newest = max(self.contracts, default=0)
        return self.contracts.get(self.versions.stable or newest)
