"""bootstrap/state_bucket_policy.py: an object is under the bucket's key, or isn't taken."""

import json
from typing import Any

import pulumi
import pytest

from bootstrap.state_bucket_policy import only_under_key
from infra.aws.bucket_policy import tls_only_policy
from tests.unit.bootstrap.shared import BUCKET, SHARED, findings
from tests.unit.harness import run_component

KEY = str(SHARED.state_key_arn)
ALGORITHM = "s3:x-amz-server-side-encryption"
KEY_ID = f"{ALGORITHM}-aws-kms-key-id"
# What a request to write may say of encryption → whether it is refused
REQUESTS: dict[str, tuple[dict[str, str], bool]] = {
    "nothing, as Pulumi's": ({}, False),
    "the bucket's own": ({ALGORITHM: "aws:kms", KEY_ID: KEY}, False),
    "KMS, with the bucket's key by default": ({ALGORITHM: "aws:kms"}, False),
    "another key": ({ALGORITHM: "aws:kms", KEY_ID: KEY.replace("state", "mine")}, True),
    "Amazon's own": ({ALGORITHM: "AES256"}, True),
    "a key of the client": ({f"{ALGORITHM}-customer-algorithm": "AES256"}, True),
}


def written() -> str:
    def build() -> None:
        pulumi.export("it", tls_only_policy(BUCKET, only_under_key(BUCKET, KEY)))

    return str(run_component(build).outputs["it"])


def refuses(statement: dict[str, Any], request: dict[str, str]) -> bool:
    """As IAM weighs it: every condition has to hold. A key that is absent equals nothing."""
    return all(
        (key not in request) == (value == "true")
        if operator == "Null"
        else request.get(key) != value
        for operator, keys in statement["Condition"].items()
        for key, value in keys.items()
    )


@pytest.mark.parametrize("request_", REQUESTS)
def test_a_request_that_says(request_: str) -> None:
    said, is_refused = REQUESTS[request_]
    about_encryption = json.loads(written())["Statement"][2:]
    assert len(about_encryption) == 3
    assert any(refuses(each, said) for each in about_encryption) is is_refused


def test_it_only_denies() -> None:
    assert {each["Effect"] for each in json.loads(written())["Statement"]} == {"Deny"}


def test_the_linter_passes_it() -> None:
    """What it says of the texts that AWS itself writes so, as documentation has them, is left."""
    (*_, algorithm, key, client) = json.loads(written())["Statement"]
    own = {"Version": "2012-10-17", "Statement": [algorithm, key, client]}
    issues = {each.split(" ")[0] for each in findings(json.dumps(own))}
    assert issues == {"MISMATCHED_TYPE_BUT_USABLE"}
