"""The S3 client, and its errors in words that name the next step.

boto3 finds credentials by itself: environment, web identity, EKS Pod Identity. AWS_ENDPOINT_URL
names another server than Amazon's (botocore/configprovider.py).
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import boto3
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from model.errors import SyncError

CONNECT_TIMEOUT_SECONDS = 5
READ_TIMEOUT_SECONDS = 30  # between two pieces of an answer, not for all of it
ATTEMPTS = 4
MANIFEST_SUFFIX = ".manifest.json"

RIGHTS = (
    "allow s3:ListBucket on the bucket and, below the prefix, s3:GetObject; s3:PutObject to publish"
)
ADVICE = {
    "NoSuchBucket": "create the bucket, or correct its name",
    "AccessDenied": RIGHTS,
    "403": RIGHTS,
    "InvalidAccessKeyId": "the server doesn't know the access key; set that of this server",
    "SignatureDoesNotMatch": "the secret key is not that of the access key",
    "ExpiredToken": "renew the credentials",
}


@dataclass(frozen=True, kw_only=True)
class Location:
    """`s3://bucket/prefix`; below the prefix are `<version>/…` and `<version>.manifest.json`."""

    bucket: str
    prefix: str  # empty, or ending with a slash

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"

    def key(self, version: int, name: str) -> str:
        return f"{self.prefix}{version}/{name}"

    def manifest_key(self, version: int) -> str:
        return f"{self.prefix}{version}{MANIFEST_SUFFIX}"


def parse_url(url: str) -> Location:
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.netloc or parts.query or parts.fragment:
        raise SyncError(f"{url} is no s3://bucket/prefix")
    prefix = parts.path.strip("/")
    return Location(bucket=parts.netloc, prefix=f"{prefix}/" if prefix else "")


def s3_client() -> Any:
    """Raises SyncError when the environment's settings for AWS are unusable."""
    # Servers other than Amazon's have no DNS name per bucket.
    style = "path" if "AWS_ENDPOINT_URL" in os.environ else "auto"
    config = Config(
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        read_timeout=READ_TIMEOUT_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        s3={"addressing_style": style},
    )
    logging.getLogger("botocore").setLevel(logging.WARNING)  # else it says where it found keys
    with in_words("the settings of AWS"):
        try:
            return boto3.Session().client("s3", config=config)
        except ValueError as error:
            raise SyncError(f"the settings of AWS: {error}") from error


@contextmanager
def in_words(what: str) -> Iterator[None]:
    """Turns the library's errors into SyncError."""
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        advice = ADVICE.get(code, error.response["Error"].get("Message", "see the server's log"))
        raise SyncError(f"{what}: {code}; {advice}") from error
    except NoCredentialsError as error:
        raise SyncError(
            f"{what}: no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the "
            "pod's service account a Pod Identity"
        ) from error
    except (Boto3Error, BotoCoreError) as error:
        raise SyncError(f"{what}: {error}") from error
