"""The S3 bucket of models and datasets."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.bucket_policy import tls_only_policy
from infra.settings.aws.model_bucket import ModelBucketSettings

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
BUCKET_NAME_MAX_LENGTH = 63
# Longer than any upload takes; its parts are paid for, and nobody sees them.
MULTIPART_UPLOAD_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class ModelBucketArgs:
    """prefix: <project>-<stack>. key_arn: of the key that encrypts what is put into it."""

    prefix: str
    account_id: str
    settings: ModelBucketSettings
    key_arn: pulumi.Input[str]
    protect_data: bool


class ModelBucket(pulumi.ComponentResource):
    """Private, encrypted and versioned: what was overwritten or deleted can be had back.

    Models are published below `models/`, datasets below a prefix of their own. `url` is `s3://…`,
    as `models[].source.bucketUrl` takes it.
    """

    TYPE = "serving:aws:ModelBucket"

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    url: pulumi.Output[str]

    def __init__(
        self, name: str, args: ModelBucketArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)
        self._bucket = aws.s3.Bucket(
            f"{name}-bucket",
            bucket=bucket_name(args.prefix, args.account_id),
            force_destroy=not args.protect_data,
            opts=self._child.merge(pulumi.ResourceOptions(protect=args.protect_data)),
        )
        versioning = self._versioning()
        self._encryption()
        self._owner()
        self._lifecycle(versioning)
        self._tls_only(self._no_public_access())
        self.name = self._bucket.bucket
        self.arn = self._bucket.arn
        self.url = pulumi.Output.concat("s3://", self.name)
        self.register_outputs({"name": self.name, "arn": self.arn, "url": self.url})

    def _versioning(self) -> pulumi.Resource:
        return aws.s3.BucketVersioning(
            f"{self._name}-versioning",
            bucket=self._bucket.bucket,
            versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(
                status="Enabled"
            ),
            opts=self._child,
        )

    def _encryption(self) -> None:
        default = (
            aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{self._name}-encryption",
            bucket=self._bucket.bucket,
            rules=[
                aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=default(
                        sse_algorithm="aws:kms", kms_master_key_id=self._args.key_arn
                    ),
                    # One call of KMS for many objects: a model has hundreds of files.
                    bucket_key_enabled=True,
                )
            ],
            opts=self._child,
        )

    def _owner(self) -> None:
        """Access lists of objects count for nothing; the bucket's policy and roles do."""
        aws.s3.BucketOwnershipControls(
            f"{self._name}-owner",
            bucket=self._bucket.bucket,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=self._child,
        )

    def _no_public_access(self) -> pulumi.Resource:
        return aws.s3.BucketPublicAccessBlock(
            f"{self._name}-no-public-access",
            bucket=self._bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._child,
        )

    def _tls_only(self, after: pulumi.Resource) -> None:
        # S3 refuses a policy while it still works on the access block (OperationAborted).
        aws.s3.BucketPolicy(
            f"{self._name}-tls-only",
            bucket=self._bucket.bucket,
            policy=tls_only_policy(self._bucket.arn),
            opts=self._child.merge(pulumi.ResourceOptions(depends_on=[after])),
        )

    def _lifecycle(self, versioning: pulumi.Resource) -> None:
        rule = aws.s3.BucketLifecycleConfigurationRuleArgs
        everything = aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix="")
        old = aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
            noncurrent_days=self._args.settings.noncurrent_version_days
        )
        markers = aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(
            expired_object_delete_marker=True
        )
        unfinished = aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
            days_after_initiation=MULTIPART_UPLOAD_DAYS
        )
        aws.s3.BucketLifecycleConfiguration(
            f"{self._name}-lifecycle",
            bucket=self._bucket.bucket,
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
            opts=self._child.merge(pulumi.ResourceOptions(depends_on=[versioning])),
        )


def bucket_name(prefix: str, account_id: str) -> str:
    """With the account's number, since bucket names are shared by all accounts of a partition.

    Raises pulumi.RunError where S3 would refuse the name.
    """
    name = f"{prefix}-models-{account_id}".lower().replace("_", "-")
    if len(name) > BUCKET_NAME_MAX_LENGTH:
        raise pulumi.RunError(
            f"The model bucket's name {name} has {len(name)} characters, and S3 allows "
            f"{BUCKET_NAME_MAX_LENGTH}: choose a stack's name that is shorter by "
            f"{len(name) - BUCKET_NAME_MAX_LENGTH}."
        )
    return name
