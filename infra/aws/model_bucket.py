"""The S3 bucket of models and datasets."""

from dataclasses import dataclass

import pulumi

from infra.aws.private_bucket import BUCKET_NAME_MAX_LENGTH, PrivateBucketArgs, private_bucket
from infra.settings.aws.model_bucket import ModelBucketSettings


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
        bucket = private_bucket(
            name,
            PrivateBucketArgs(
                bucket_name=bucket_name(args.prefix, args.account_id),
                key_arn=args.key_arn,
                noncurrent_version_days=args.settings.noncurrent_version_days,
                protect=args.protect_data,
                emptied_with_stack=not args.protect_data,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.name = bucket.bucket
        self.arn = bucket.arn
        self.url = pulumi.Output.concat("s3://", self.name)
        self.register_outputs({"name": self.name, "arn": self.arn, "url": self.url})


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
