"""bootstrap/state_bucket.py: one bucket for all states, out of which nothing gets lost."""

import json

import pytest

from tests.unit.bootstrap.shared import BUCKET, bootstrap
from tests.unit.cloud import ACCOUNT_ID
from tests.unit.harness import Program

NAME = f"image-serving-state-{ACCOUNT_ID}"


@pytest.fixture(scope="module")
def program() -> Program:
    return bootstrap(oldStateDays=30)


def test_its_name_can_be_told_beforehand(program: Program) -> None:
    """Whoever lost the state of the bootstrap itself finds it again."""
    assert program.one("aws:s3/bucket:Bucket").inputs["bucket"] == NAME
    assert program.outputs_of("state") == {"name": NAME, "arn": BUCKET}


@pytest.mark.parametrize("protect", [True, False])
def test_it_is_never_emptied(protect: bool) -> None:
    """Not even once the protection is lifted: other stacks' states are in it."""
    bucket = bootstrap(protect=protect).one("aws:s3/bucket:Bucket")
    assert bucket.options.protect is protect
    assert bucket.inputs["forceDestroy"] is False


def test_old_states_can_be_had_back(program: Program) -> None:
    versioning = program.one("aws:s3/bucketVersioning:BucketVersioning")
    assert versioning.inputs["versioningConfiguration"] == {"status": "Enabled"}
    lifecycle = program.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    old = lifecycle.inputs["rules"][0]["noncurrentVersionExpiration"]
    assert old == {"noncurrentDays": 30, "newerNoncurrentVersions": 20}


def test_under_the_key_of_states(program: Program) -> None:
    (rule,) = program.one(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    ).inputs["rules"]
    key = program.outputs_of("keys")["state_arn"]
    assert rule["applyServerSideEncryptionByDefault"]["kmsMasterKeyId"] == key
    assert rule["bucketKeyEnabled"] is True


def test_its_policy_knows_that_key(program: Program) -> None:
    policy = json.loads(program.one("aws:s3/bucketPolicy:BucketPolicy").inputs["policy"])
    (other_key,) = [each for each in policy["Statement"] if each["Sid"] == "DenyOtherKey"]
    assert program.outputs_of("keys")["state_arn"] in str(other_key["Condition"])
    assert all(each["Resource"] == [BUCKET, f"{BUCKET}/*"] for each in policy["Statement"])
