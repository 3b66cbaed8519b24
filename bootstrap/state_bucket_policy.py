"""What the state's bucket refuses beside clients without TLS: an object under another key.

Without it, whoever may write could put a state under a key of theirs, and lock all others out.
"""

import pulumi

from infra.aws.bucket_policy import Denial, denial

_ENCRYPTION = "s3:x-amz-server-side-encryption"
_KEY = f"{_ENCRYPTION}-aws-kms-key-id"
_CUSTOMER_KEY = f"{_ENCRYPTION}-customer-algorithm"


def only_under_key(bucket_arn: str, key_arn: pulumi.Input[str]) -> list[Denial]:
    """Pulumi names no encryption, and S3 takes the bucket's: a request that names none is let by.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """

    def named(key: str) -> dict[str, str]:
        return {key: "false"}

    put = "s3:PutObject"
    return [
        denial(
            "OtherEncryption",
            bucket_arn,
            {"Null": named(_ENCRYPTION), "StringNotEquals": {_ENCRYPTION: "aws:kms"}},
            action=put,
        ),
        denial(
            "OtherKey",
            bucket_arn,
            {"Null": named(_KEY), "StringNotEquals": {_KEY: key_arn}},
            action=put,
        ),
        denial("KeyOfTheClient", bucket_arn, {"Null": named(_CUSTOMER_KEY)}, action=put),
    ]
