"""Who may use a KMS key: documents of the keys themselves.

The account's administrators decide by IAM policies who else may: the EBS driver, the models' sync.
A service of AWS has no policy of its own there, so it is named here.
"""

from typing import Any

from infra.settings.aws.types import dns_suffix, partition

Statement = dict[str, Any]
ENCRYPT = [
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
]


def owner_policy(region: str, account_id: str) -> dict[str, Any]:
    """The account alone. Without it nobody could ever change or delete the key.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    return _document(_account(region, account_id))


def volumes_policy(region: str, account_id: str) -> dict[str, Any]:
    """Auto Scaling too: it starts nodes, whose disks the key encrypts.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
    The role is named by a condition: as principal it would have to be there, and in an account that
    never had an Auto Scaling group it is not
    (https://github.com/terraform-aws-modules/terraform-aws-eks/issues/3013).
    """
    role = (
        f"arn:{partition(region)}:iam::{account_id}:role/aws-service-role/"
        "autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    )
    is_auto_scaling = {
        "StringEquals": {"kms:CallerAccount": account_id},
        "ArnEquals": {"aws:PrincipalArn": role},
    }
    anyone = {"AWS": "*"}  # whom the condition admits
    return _document(
        _account(region, account_id),
        _allow("AutoScalingEncryptsDisks", anyone, [*ENCRYPT, "kms:DescribeKey"], is_auto_scaling),
        _allow(
            "AutoScalingLetsEc2Use",
            anyone,
            ["kms:CreateGrant"],
            is_auto_scaling | {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    )


def logs_policy(region: str, account_id: str) -> dict[str, Any]:
    """CloudWatch too: its log groups, and its alarms that publish to an encrypted topic.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    log_groups = f"arn:{partition(region)}:logs:{region}:{account_id}:log-group:*"
    return _document(
        _account(region, account_id),
        _allow(
            "LogGroups",
            {"Service": f"logs.{region}.{dns_suffix(region)}"},
            ENCRYPT,
            {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": log_groups}},
        ),
        _allow(
            "Alarms",
            {"Service": "cloudwatch.amazonaws.com"},
            ["kms:Decrypt", "kms:GenerateDataKey"],
            {"StringEquals": {"aws:SourceAccount": account_id}},
        ),
    )


def _document(*statements: Statement) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _account(region: str, account_id: str) -> Statement:
    root = {"AWS": f"arn:{partition(region)}:iam::{account_id}:root"}
    return _allow("AccountDecidesByIam", root, ["kms:*"])


def _allow(
    sid: str,
    principal: dict[str, str],
    actions: list[str],
    condition: dict[str, dict[str, str]] | None = None,
) -> Statement:
    """In a key's policy `*` is the key itself."""
    statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": principal,
        "Action": actions,
        "Resource": "*",
    }
    return statement | {"Condition": condition} if condition else statement
