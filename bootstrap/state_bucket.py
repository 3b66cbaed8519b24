"""The S3 bucket of all stacks' state."""

from dataclasses import dataclass

import pulumi

from bootstrap.state_bucket_policy import only_under_key
from infra.aws.private_bucket import PrivateBucketArgs, private_bucket
from infra.settings.aws.types import partition

# However old: a stack that nobody touched for a year still has a state before its last.
KEPT_VERSIONS = 20


@dataclass(frozen=True, kw_only=True)
class StateBucketArgs:
    """old_state_days: how long every old version of a state is kept. key_arn: what encrypts it."""

    bucket_name: str
    region: str
    key_arn: pulumi.Input[str]
    old_state_days: int
    protect: bool


class StateBucket(pulumi.ComponentResource):
    """Private, versioned, under one key. Whoever reads it knows all; whoever writes it, owns all.

    It logs no requests of its own: S3 writes such logs into no bucket that is encrypted by KMS
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html), and a
    second bucket without would have the names of all stacks. Who read what is for the account's
    trail: data events of this bucket.
    """

    TYPE = "serving:bootstrap:StateBucket"

    name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: StateBucketArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        bucket = private_bucket(
            name,
            PrivateBucketArgs(
                bucket_name=args.bucket_name,
                key_arn=args.key_arn,
                noncurrent_version_days=args.old_state_days,
                kept_noncurrent_versions=KEPT_VERSIONS,
                denials=only_under_key(bucket_arn(args.bucket_name, args.region), args.key_arn),
                protect=args.protect,
                emptied_with_stack=False,  # it has the state of every stack
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.name = bucket.bucket
        self.arn = bucket.arn
        self.register_outputs({"name": self.name, "arn": self.arn})


def bucket_arn(name: str, region: str) -> str:
    return f"arn:{partition(region)}:s3:::{name}"
