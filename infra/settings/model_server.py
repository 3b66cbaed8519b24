"""The models of a stack, and the program that answers for them."""

from pydantic import Field, Json, field_validator
from pydantic.dataclasses import dataclass

from infra.settings.image_origin import ImageReferenceOrBuilt
from infra.settings.model import DEFAULT_SIGNATURE, ModelSettings
from infra.settings.shapes import STRICT


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ModelServerSettings:
    """The models and the server program that answers for them."""

    image: ImageReferenceOrBuilt = Field(alias="modelServerImage")
    models: Json[tuple[ModelSettings, ...]]

    @field_validator("models")
    @classmethod
    def _they_go_together(cls, models: tuple[ModelSettings, ...]) -> tuple[ModelSettings, ...]:
        if not models:
            raise ValueError("must list at least one model; the first is the gateway's default")
        names = [model.name for model in models]
        if len(set(names)) < len(names):
            raise ValueError(f"must have names of their own, not {', '.join(names)}")
        for model in models[1:]:
            _require_no_more_than_a_name(model)
        return models


def _require_no_more_than_a_name(model: ModelSettings) -> None:
    """Only of its default model the gateway can be told what a model doesn't say itself."""
    told = {
        "description": model.description is not None,
        "signature": model.signature != DEFAULT_SIGNATURE,
        "versions.canaryPercent": model.versions.canary_percent > 0,
    }
    for setting, is_told in told.items():
        if is_told:
            raise ValueError(
                f"{setting} of {model.name}: only the first model may have it; list {model.name} "
                "first, or leave it out"
            )
