"""An EBS volume that batch jobs mount, and that outlives the cluster."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from infra.settings.aws.types import Zone
from infra.settings.shapes import STRICT


@dataclass(frozen=True, kw_only=True, config=STRICT)
class DatasetsVolumeSettings:
    """zone: where jobs that mount it run; empty is the first of the network's."""

    enabled: bool = False
    size_gib: Annotated[int, Field(ge=1, le=16384)] = 100
    zone: Zone | Annotated[str, Field(max_length=0)] = ""
    # https://docs.aws.amazon.com/dlm/latest/APIReference/API_CreateRule.html
    snapshot_interval_hours: Literal[1, 2, 3, 4, 6, 8, 12, 24] = 24
    kept_snapshots: Annotated[int, Field(ge=1, le=1000)] = 14
