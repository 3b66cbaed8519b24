"""Who may not use a bucket, whatever else they are allowed: clients without TLS."""

import pulumi

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
OLDEST_TLS_VERSION = 1.2


def tls_only_policy(bucket_arn: pulumi.Input[str]) -> pulumi.Output[str]:
    """The policy as JSON text. It allows nothing: that is for the roles of those who come."""
    return pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                _denial("PlainHttp", {"Bool": {"aws:SecureTransport": "false"}}, bucket_arn),
                _denial(
                    "OldTls",
                    {"NumericLessThan": {"s3:TlsVersion": str(OLDEST_TLS_VERSION)}},
                    bucket_arn,
                ),
            ],
        }
    )


def _denial(
    name: str, condition: dict[str, dict[str, str]], bucket_arn: pulumi.Input[str]
) -> dict[str, object]:
    return {
        "Sid": f"Deny{name}",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket_arn, pulumi.Output.concat(bucket_arn, "/*")],
        "Condition": condition,
    }
