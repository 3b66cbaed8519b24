"""Where the gateway sends its traces."""

import re
from dataclasses import dataclass as plain_dataclass
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic.dataclasses import dataclass

from infra.settings.shapes import STRICT
from infra.settings.types import DNS_LABEL

ADDRESS = re.compile(
    rf"(?P<service>{DNS_LABEL.pattern})\.(?P<namespace>{DNS_LABEL.pattern}):(?P<port>\d{{1,5}})"
)
MAX_PORT = 65_535


@plain_dataclass(frozen=True, kw_only=True)
class Collector:
    """A Service of the cluster that takes OTLP over gRPC; its pods listen on the same port."""

    service: str
    namespace: str
    port: int

    @property
    def target(self) -> str:
        return f"{self.service}.{self.namespace}.svc.cluster.local:{self.port}"


def _collector(address: object) -> Collector | None:
    if address == "":
        return None
    match = ADDRESS.fullmatch(str(address))
    if match is None or not 0 < int(match["port"]) <= MAX_PORT:
        raise ValueError(
            "must be <service>.<namespace>:<port> of a collector in the cluster, such as "
            "otel-collector.observability:4317, or empty for no traces"
        )
    return Collector(
        service=match["service"], namespace=match["namespace"], port=int(match["port"])
    )


CollectorAddress = Annotated[
    Collector | None, BeforeValidator(_collector), WithJsonSchema({"type": "string"})
]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class GatewayTraces:
    """Off unless a collector is named; one of the cluster, since spans travel unencrypted."""

    collector: CollectorAddress = ""  # type: ignore[assignment]
    # Of the requests whose caller has not decided (W3C Trace Context).
    sample_percent: Annotated[int, Field(ge=0, le=100)] = 10
