"""infra/aws/model_bucket.py: models are private, encrypted and not lost by a mistake."""

import json

import pulumi
import pytest
from pydantic import TypeAdapter

from infra.aws.model_bucket import ModelBucket, ModelBucketArgs, bucket_name
from infra.settings.aws.model_bucket import ModelBucketSettings
from tests.unit.harness import Program, run_component

NAME = "image-serving-dev-models-111122223333"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/storage"


def model_bucket(*, protect_data: bool = True) -> Program:
    args = ModelBucketArgs(
        prefix="image-serving-dev",
        account_id="111122223333",
        settings=TypeAdapter(ModelBucketSettings).validate_python(
            {"enabled": True, "noncurrentVersionDays": 45}
        ),
        key_arn=KEY,
        protect_data=protect_data,
    )
    return run_component(lambda: ModelBucket("model-bucket", args))


@pytest.fixture(scope="module")
def bucket() -> Program:
    return model_bucket()


def test_sync_and_publishers_find_it(bucket: Program) -> None:
    outputs = bucket.outputs_of("model-bucket")
    assert outputs == {"name": NAME, "arn": f"arn:aws:s3:::{NAME}", "url": f"s3://{NAME}"}


def test_all_its_rules_are_of_this_bucket(bucket: Program) -> None:
    for resource in bucket.resources:
        if resource.type.startswith("aws:"):
            assert resource.inputs["bucket"] == NAME, resource


def test_what_was_overwritten_can_be_had_back(bucket: Program) -> None:
    versioning = bucket.one("aws:s3/bucketVersioning:BucketVersioning")
    assert versioning.inputs["versioningConfiguration"] == {"status": "Enabled"}


def test_encrypted_with_the_stack_s_key(bucket: Program) -> None:
    encryption = bucket.one(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    )
    assert encryption.inputs["rules"] == [
        {
            "applyServerSideEncryptionByDefault": {
                "sseAlgorithm": "aws:kms",
                "kmsMasterKeyId": KEY,
            },
            "bucketKeyEnabled": True,
        }
    ]


class TestPrivate:
    @pytest.mark.parametrize(
        "block",
        ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"],
    )
    def test_no_way_to_make_it_public(self, bucket: Program, block: str) -> None:
        assert bucket.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs[block]

    def test_access_lists_count_for_nothing(self, bucket: Program) -> None:
        owner = bucket.one("aws:s3/bucketOwnershipControls:BucketOwnershipControls")
        assert owner.inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}

    def test_tls_only_once_the_access_block_is_done(self, bucket: Program) -> None:
        policy = bucket.one("aws:s3/bucketPolicy:BucketPolicy")
        assert json.loads(policy.inputs["policy"])["Statement"][0]["Effect"] == "Deny"
        block = bucket.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
        assert block.urn in policy.depends_on


def test_old_versions_and_unfinished_uploads_go(bucket: Program) -> None:
    lifecycle = bucket.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    old, unfinished = lifecycle.inputs["rules"]
    assert old["noncurrentVersionExpiration"] == {"noncurrentDays": 45}
    assert old["expiration"] == {"expiredObjectDeleteMarker": True}
    assert unfinished["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}
    for rule in (old, unfinished):
        assert (rule["status"], rule["filter"]) == ("Enabled", {"prefix": ""}), rule["id"]
    # S3 refuses rules on versions of a bucket that has none yet.
    assert bucket.one("aws:s3/bucketVersioning:BucketVersioning").urn in lifecycle.depends_on


@pytest.mark.parametrize("protect_data", [True, False])
def test_emptied_with_the_stack_only_where_data_is_not_protected(protect_data: bool) -> None:
    bucket = model_bucket(protect_data=protect_data).one("aws:s3/bucket:Bucket")
    assert bucket.options.protect is protect_data
    assert bucket.inputs["forceDestroy"] is not protect_data


class TestName:
    def test_as_s3_allows(self) -> None:
        assert bucket_name("image-serving-My_Stack", "111122223333") == (
            "image-serving-my-stack-models-111122223333"
        )

    def test_a_stack_with_too_long_a_name_is_told_so(self) -> None:
        with pytest.raises(pulumi.RunError, match=r"70 characters.*63.*shorter by 7"):
            bucket_name("x" * 50, "111122223333")
