"""Where the gateway downloads images from."""

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from infra.settings.shapes import STRICT

WEB_PORTS = (80, 443)

Port = Annotated[int, Field(ge=1, le=65_535)]
# A host name, or *.name for all below it (services/gateway/gateway/hosts.py).
HostPattern = Annotated[str, Field(pattern=r"^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*$")]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class GatewaySources:
    """Rules for URLs, on top of fetchAllowedNetworks."""

    allowed_hosts: tuple[HostPattern, ...] = ()  # none: any
    denied_hosts: tuple[HostPattern, ...] = ()  # even if allowed
    # Of public addresses; the network policy opens the same ones.
    ports: Annotated[tuple[Port, ...], Field(min_length=1)] = WEB_PORTS
    max_redirects: Annotated[int, Field(ge=0, le=10)] = 3
    # A source that doesn't even take a connection by then won't send an image in time.
    connect_timeout_seconds: Annotated[int, Field(ge=1, le=60)] = 2
    read_timeout_seconds: Annotated[int, Field(ge=1, le=60)] = 2  # until the next bytes come
