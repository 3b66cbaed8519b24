"""infra/aws/private_bucket.py: what every bucket of ours is, and what may differ.

The rules that all share are specified by the model bucket, tests/unit/aws/test_model_bucket.py.
"""

import json
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from infra.aws.bucket_policy import denial
from infra.aws.private_bucket import PrivateBucketArgs, private_bucket
from tests.unit.harness import Program, run_component

ARN = "arn:aws:s3:::a-bucket"
ARGS = PrivateBucketArgs(
    bucket_name="a-bucket",
    key_arn="arn:aws:kms:eu-west-1:111122223333:key/1",
    noncurrent_version_days=30,
    protect=True,
    emptied_with_stack=False,
)


def made(*, refused: bool = False, **changes: Any) -> Program:
    def build() -> None:
        args = replace(ARGS, **changes)
        if refused:
            writes = denial("Writes", ARN, {"Null": {"aws:PrincipalTag/team": "true"}})
            args = replace(args, denials=[writes])
        private_bucket("a", args, pulumi.ResourceOptions())

    return run_component(build)


def old_versions(program: Program) -> dict[str, Any]:
    lifecycle = program.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    found: dict[str, Any] = lifecycle.inputs["rules"][0]["noncurrentVersionExpiration"]
    return found


def test_old_versions_go_by_age_alone() -> None:
    assert old_versions(made()) == {"noncurrentDays": 30}


def test_or_the_newest_of_them_stay() -> None:
    kept = old_versions(made(kept_noncurrent_versions=20))
    assert kept == {"noncurrentDays": 30, "newerNoncurrentVersions": 20}


def test_its_policy_refuses_more() -> None:
    policy = made(refused=True).one("aws:s3/bucketPolicy:BucketPolicy").inputs["policy"]
    assert "DenyWrites" in [each["Sid"] for each in json.loads(policy)["Statement"]]


@pytest.mark.parametrize("protect", [True, False])
@pytest.mark.parametrize("emptied", [True, False])
def test_what_becomes_of_it_with_its_stack(protect: bool, emptied: bool) -> None:
    bucket = made(protect=protect, emptied_with_stack=emptied).one("aws:s3/bucket:Bucket")
    assert bucket.options.protect is protect
    assert bucket.inputs["forceDestroy"] is emptied
