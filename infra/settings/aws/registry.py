"""Where the stack's images are kept, and whether the program builds them."""

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from infra.settings.aws.types import AccountId
from infra.settings.shapes import STRICT


@dataclass(frozen=True, kw_only=True, config=STRICT)
class RegistrySettings:
    """build_images: `pulumi up` builds and pushes the images that no setting names.

    Without it gatewayImage, modelServerImage and models[].image must say which to run.
    pull_accounts: others that may pull, such as that of the stack which images are promoted to.
    """

    enabled: bool = False
    build_images: bool = False
    untagged_expiry_days: Annotated[int, Field(ge=1, le=365)] = 14
    kept_images: Annotated[int, Field(ge=2, le=1000)] = 30
    pull_accounts: tuple[AccountId, ...] = ()

    @field_validator("build_images")
    @classmethod
    def _pushed_somewhere(cls, build_images: bool, info: ValidationInfo) -> bool:
        if build_images and not info.data.get("enabled"):
            raise ValueError("must be false, or registry.enabled true: images are pushed there")
        return build_images
