"""Where a model's versions come from, and how many of them a volume has."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic.dataclasses import dataclass

from infra.settings.shapes import STRICT

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
BUCKET_URL = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w!.*'()-]+)+/?", re.ASCII)


def _bucket_url(text: str) -> str:
    if text and not BUCKET_URL.fullmatch(text):
        raise ValueError("must be s3://bucket/prefix, or empty")
    return text.rstrip("/")


BucketUrl = Annotated[str, AfterValidator(_bucket_url)]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ModelSource:
    """The model's image always is a source, and goes first; a bucket brings later versions.

    bucket_url: `<bucket_url>/<version>/`; empty is none.
    """

    bucket_url: BucketUrl = ""
    # Between two looks into the bucket, by a sidecar of each server.
    poll_seconds: Annotated[int, Field(ge=1, le=3600)] = 15
    # The newest ones; versions that bear a label are kept besides.
    keep_versions: Annotated[int, Field(ge=1, le=100)] = 2
