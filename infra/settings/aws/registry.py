"""Where the stack's images are kept, and whether the program builds them."""

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from infra.settings.shapes import STRICT


@dataclass(frozen=True, kw_only=True, config=STRICT)
class RegistrySettings:
    """build_images: `pulumi up` builds and pushes the gateway's and the models' images.

    Without it gatewayImage, modelServerImage and models[].image say which to run.
    """

    enabled: bool = False
    build_images: bool = False
    untagged_expiry_days: Annotated[int, Field(ge=1, le=365)] = 14
    kept_images: Annotated[int, Field(ge=2, le=1000)] = 30
