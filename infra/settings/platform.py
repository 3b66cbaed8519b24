"""What the cluster itself must have for the workloads, each part switched on by name."""

from typing import Annotated

from pydantic import Field, Json
from pydantic.dataclasses import dataclass

from infra.settings.shapes import STRICT


@dataclass(frozen=True, kw_only=True, config=STRICT)
class PlatformParts:
    """Off, where a cluster has the part already. A new one of EKS has none of them."""

    device_plugin: bool = False  # NVIDIA's, for GPU nodes
    cluster_autoscaler: bool = False
    storage_classes: bool = False  # encrypted gp3 volumes
    priority_classes: bool = False
    # Of the whole namespace; 0 is no quota.
    max_pods: Annotated[int, Field(ge=0, le=10000)] = 0
    max_gpus: Annotated[int, Field(ge=0, le=1000)] = 0


@dataclass(frozen=True, kw_only=True, config=STRICT)
class PlatformSettings:
    parts: Json[PlatformParts] = Field(alias="platform")
