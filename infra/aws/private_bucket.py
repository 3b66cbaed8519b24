"""An S3 bucket as all of ours are: private, encrypted, versioned, over TLS alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.bucket_policy import Denial, tls_only_policy

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
BUCKET_NAME_MAX_LENGTH = 63
# Longer than any upload takes; its parts are paid for, and nobody sees them.
MULTIPART_UPLOAD_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class PrivateBucketArgs:
    """key_arn: of the key that encrypts what is put into it.

    noncurrent_version_days: how long what was overwritten or deleted is kept; the newest
    kept_noncurrent_versions of an object for good.
    denials: what the bucket's policy refuses, beside clients without TLS.
    emptied_with_stack: whether all in it goes when it is destroyed; else S3 refuses to delete it.
    """

    bucket_name: str
    key_arn: pulumi.Input[str]
    noncurrent_version_days: int
    kept_noncurrent_versions: int | None = None
    denials: Sequence[Denial] = ()
    protect: bool
    emptied_with_stack: bool


def private_bucket(
    name: str, args: PrivateBucketArgs, opts: pulumi.ResourceOptions
) -> aws.s3.Bucket:
    """With all its rules, which are resources of their own beside it. `opts` are those of each."""
    bucket = aws.s3.Bucket(
        f"{name}-bucket",
        bucket=args.bucket_name,
        force_destroy=args.emptied_with_stack,
        opts=opts.merge(pulumi.ResourceOptions(protect=args.protect)),
    )
    versioning = _versioning(name, bucket, opts)
    _encryption(name, bucket, args.key_arn, opts)
    _owner(name, bucket, opts)
    _lifecycle(name, bucket, args, opts.merge(pulumi.ResourceOptions(depends_on=[versioning])))
    _policy(name, bucket, args.denials, opts)
    return bucket


def _versioning(name: str, bucket: aws.s3.Bucket, opts: pulumi.ResourceOptions) -> pulumi.Resource:
    return aws.s3.BucketVersioning(
        f"{name}-versioning",
        bucket=bucket.bucket,
        versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(
            status="Enabled"
        ),
        opts=opts,
    )


def _encryption(
    name: str, bucket: aws.s3.Bucket, key_arn: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> None:
    default = (
        aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        f"{name}-encryption",
        bucket=bucket.bucket,
        rules=[
            aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                apply_server_side_encryption_by_default=default(
                    sse_algorithm="aws:kms", kms_master_key_id=key_arn
                ),
                # One call of KMS for many objects: a model has hundreds of files.
                bucket_key_enabled=True,
            )
        ],
        opts=opts,
    )


def _owner(name: str, bucket: aws.s3.Bucket, opts: pulumi.ResourceOptions) -> None:
    """Access lists of objects count for nothing; the bucket's policy and roles do."""
    aws.s3.BucketOwnershipControls(
        f"{name}-owner",
        bucket=bucket.bucket,
        rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
        opts=opts,
    )


def _policy(
    name: str, bucket: aws.s3.Bucket, denials: Sequence[Denial], opts: pulumi.ResourceOptions
) -> None:
    block = aws.s3.BucketPublicAccessBlock(
        f"{name}-no-public-access",
        bucket=bucket.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=opts,
    )
    # S3 refuses a policy while it still works on the access block (OperationAborted).
    aws.s3.BucketPolicy(
        f"{name}-tls-only",
        bucket=bucket.bucket,
        policy=tls_only_policy(bucket.arn, denials),
        opts=opts.merge(pulumi.ResourceOptions(depends_on=[block])),
    )


def _lifecycle(
    name: str, bucket: aws.s3.Bucket, args: PrivateBucketArgs, opts: pulumi.ResourceOptions
) -> None:
    rule = aws.s3.BucketLifecycleConfigurationRuleArgs
    everything = aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix="")
    old = aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
        noncurrent_days=args.noncurrent_version_days,
        newer_noncurrent_versions=args.kept_noncurrent_versions,
    )
    markers = aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(
        expired_object_delete_marker=True
    )
    unfinished = aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
        days_after_initiation=MULTIPART_UPLOAD_DAYS
    )
    aws.s3.BucketLifecycleConfiguration(
        f"{name}-lifecycle",
        bucket=bucket.bucket,
        rules=[
            rule(
                id="noncurrent-versions",
                status="Enabled",
                filter=everything,
                noncurrent_version_expiration=old,
                expiration=markers,
            ),
            rule(
                id="unfinished-uploads",
                status="Enabled",
                filter=everything,
                abort_incomplete_multipart_upload=unfinished,
            ),
        ],
        opts=opts,
    )
