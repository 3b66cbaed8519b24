"""How often a client may ask the gateway."""

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from infra.settings.shapes import STRICT


@dataclass(frozen=True, kw_only=True, config=STRICT)
class GatewayRateLimit:
    """For each API key and gateway pod; for all callers together where no key is required."""

    requests_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 0  # 0: any number
    burst: Annotated[int, Field(ge=1, le=100_000)] = 10  # of them at once
