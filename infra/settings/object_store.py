"""An S3 server inside of the cluster, for stacks without Amazon's."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from infra.settings.shapes import STRICT
from infra.settings.types import MemoryQuantity, image_reference

SECRET_KEY_MIN_LENGTH = 16


def _image_or_none(text: str) -> str:
    return image_reference(text) if text else ""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ObjectStoreSettings:
    """image: empty is none, and buckets are Amazon's."""

    image: Annotated[str, AfterValidator(_image_or_none)] = Field(alias="objectStoreImage")
    volume_size: MemoryQuantity = Field(alias="objectStoreVolumeSize")
    secret_key: SecretStr = Field(alias="objectStoreSecretKey", repr=False)

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, secret_key: SecretStr, info: ValidationInfo) -> SecretStr:
        if info.data.get("image") and len(secret_key.get_secret_value()) < SECRET_KEY_MIN_LENGTH:
            raise ValueError(f"must have {SECRET_KEY_MIN_LENGTH} characters or more")
        return secret_key
