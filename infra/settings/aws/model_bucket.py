"""The bucket of models and datasets."""

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from infra.settings.shapes import STRICT


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ModelBucketSettings:
    """Its name is <project>-<stack>-models-<account>, which no other account can have taken."""

    enabled: bool = False
    noncurrent_version_days: Annotated[int, Field(ge=1, le=3650)] = 90
