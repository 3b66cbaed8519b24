"""The images that the workloads run, as the settings name them."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra.settings.load import Settings


@dataclass(frozen=True, kw_only=True)
class NamedImages:
    """models: by model name."""

    gateway: pulumi.Input[str]
    model_server: pulumi.Input[str]
    models: Mapping[str, pulumi.Input[str]]


def named_images(settings: Settings) -> NamedImages:
    return NamedImages(
        gateway=settings.gateway.image,
        model_server=settings.model_server.image,
        models={model.name: model.image for model in settings.model_server.models},
    )
