"""The HTTP side of a stack."""

from dataclasses import field
from typing import Annotated

from pydantic import Field, Json, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from infra.settings.gateway_images import GatewayImages
from infra.settings.gateway_memory import gateway_memory_bytes
from infra.settings.gateway_rate_limit import GatewayRateLimit
from infra.settings.gateway_sources import GatewaySources
from infra.settings.gateway_traces import GatewayTraces
from infra.settings.image_origin import ImageReferenceOrBuilt
from infra.settings.shapes import STRICT, Resources, Scaling
from infra.settings.types import (
    ApiKey,
    DnsLabel,
    HttpUrl,
    Network,
    NodePort,
    memory_bytes,
)


@dataclass(frozen=True, kw_only=True, config=STRICT)
class GatewaySettings:
    """The HTTP side: its image, its way in, and what it lets through.

    A rule over several fields stands at the last of them, which sees those before it.
    """

    image: ImageReferenceOrBuilt = Field(alias="gatewayImage")
    node_port: NodePort = Field(alias="gatewayNodePort")
    url: HttpUrl = Field(alias="gatewayUrl")
    scaling: Json[Scaling] = Field(alias="gatewayScaling")
    resources: Json[Resources] = Field(alias="gatewayResources")
    request_timeout_seconds: Annotated[int, Field(ge=1, le=60)]  # load balancers give up at 60
    fetch_timeout_seconds: Annotated[int, Field(ge=1, le=60)]
    max_image_bytes: Annotated[int, Field(ge=1024, le=100 * 2**20)]
    max_image_pixels: Annotated[int, Field(ge=1024, le=178_956_970)]  # Pillow's own last limit
    images: Json[GatewayImages] = Field(alias="gatewayImages")
    max_concurrent_requests: Annotated[int, Field(ge=1, le=1024)]
    sources: Json[GatewaySources] = Field(alias="gatewaySources")
    rate_limit: Json[GatewayRateLimit] = Field(alias="gatewayRateLimit")
    traces: Json[GatewayTraces] = Field(alias="gatewayTraces")
    fetch_allowed_networks: Json[tuple[Network, ...]]
    require_api_key: bool
    api_keys: Json[dict[DnsLabel, ApiKey]] = field(repr=False)

    @field_validator("fetch_timeout_seconds")
    @classmethod
    def _within_the_request(cls, fetch_timeout_seconds: int, info: ValidationInfo) -> int:
        if fetch_timeout_seconds > info.data.get("request_timeout_seconds", fetch_timeout_seconds):
            raise ValueError(
                f"must not exceed requestTimeoutSeconds ({info.data['request_timeout_seconds']})"
            )
        return fetch_timeout_seconds

    @field_validator("max_concurrent_requests")
    @classmethod
    def _images_fit_into_memory(cls, max_concurrent_requests: int, info: ValidationInfo) -> int:
        known = info.data
        if known.keys() >= {"resources", "max_image_bytes", "max_image_pixels", "images"}:
            limit = known["resources"].limits.memory
            needed = gateway_memory_bytes(
                max_concurrent_requests=max_concurrent_requests,
                max_image_bytes=known["max_image_bytes"],
                max_image_pixels=known["max_image_pixels"],
                decode_workers=known["images"].decode_workers,
            )
            if needed > memory_bytes(limit):
                raise ValueError(
                    f"such requests may need {needed // 2**20}Mi with maxImageBytes, "
                    "maxImagePixels and gatewayImages.decodeWorkers, and "
                    f"gatewayResources.limits.memory is {limit}"
                )
        return max_concurrent_requests

    @field_validator("api_keys")
    @classmethod
    def _keys_where_required(
        cls, api_keys: dict[str, ApiKey], info: ValidationInfo
    ) -> dict[str, ApiKey]:
        if info.data.get("require_api_key") and not api_keys:
            raise ValueError(
                "must hold a key for at least one client (apiKeys.<client>) while requireApiKey "
                "is true"
            )
        return api_keys
