"""Who may not use a bucket, whatever else they are allowed: clients without TLS."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
OLDEST_TLS_VERSION = 1.2

Denial = dict[str, Any]
DenialConditions = Mapping[str, Mapping[str, pulumi.Input[str]]]


def tls_only_policy(
    bucket_arn: pulumi.Input[str], others: Sequence[Denial] = ()
) -> pulumi.Output[str]:
    """The policy as JSON text, with other denials of the bucket's own.

    It allows nothing: that is for the roles of those who come.
    """
    statements = [
        denial("PlainHttp", bucket_arn, {"Bool": {"aws:SecureTransport": "false"}}),
        denial(
            "OldTls",
            bucket_arn,
            {"NumericLessThan": {"s3:TlsVersion": str(OLDEST_TLS_VERSION)}},
        ),
        *others,
    ]
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": statements})


def denial(
    name: str,
    bucket_arn: pulumi.Input[str],
    conditions: DenialConditions,
    *,
    action: str = "s3:*",
) -> Denial:
    """To everybody, of the bucket and all that is in it."""
    return {
        "Sid": f"Deny{name}",
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": [bucket_arn, pulumi.Output.concat(bucket_arn, "/*")],
        "Condition": conditions,
    }
