"""A model as its clients see it."""

from dataclasses import dataclass

import pulumi

from infra.settings.model import ModelSettings


@dataclass(frozen=True, kw_only=True)
class ServedModel:
    """grpc_target: where gRPC finds all of its servers, as `dns:///host:port`."""

    model: ModelSettings
    grpc_target: pulumi.Input[str]
