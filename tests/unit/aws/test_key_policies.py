"""infra/aws/key_policies.py: nobody is locked out of a key, and nobody else let in."""

import json
from collections.abc import Callable
from typing import Any

import parliament
import pytest

from infra.aws.key_policies import logs_policy, owner_policy, volumes_policy
from tests.unit.cloud import ACCOUNT_ID, REGION

Policy = Callable[[str, str], dict[str, Any]]
POLICIES = (owner_policy, volumes_policy, logs_policy)


def statements(policy: Policy, region: str = REGION) -> dict[str, dict[str, Any]]:
    return {one["Sid"]: one for one in policy(region, ACCOUNT_ID)["Statement"]}


@pytest.mark.parametrize("policy", POLICIES)
class TestEveryPolicy:
    def test_the_account_keeps_the_key(self, policy: Policy) -> None:
        """A key without it can't be changed or deleted by anyone, AWS's support included."""
        owner = statements(policy)["AccountDecidesByIam"]
        assert owner["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"}
        assert owner["Action"] == ["kms:*"]

    def test_all_others_do_named_things_under_a_condition(self, policy: Policy) -> None:
        for sid, statement in statements(policy).items():
            if sid != "AccountDecidesByIam":
                assert not any("*" in action for action in statement["Action"]), sid
                assert statement["Condition"], sid

    def test_aws_knows_the_actions_and_conditions(self, policy: Policy) -> None:
        """KMS takes misspelt actions, and then allows nothing."""
        found = parliament.analyze_policy_string(json.dumps(policy(REGION, ACCOUNT_ID))).findings
        # `*` is the key itself; and AWS's own examples compare this text as an ARN.
        about_keys = {"RESOURCE_STAR", "MISMATCHED_TYPE"}
        assert [one.detail for one in found if one.issue not in about_keys] == []

    @pytest.mark.parametrize(
        ("region", "partition"), [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
    )
    def test_names_are_those_of_the_partition(
        self, policy: Policy, region: str, partition: str
    ) -> None:
        text = str(policy(region, ACCOUNT_ID))
        assert f"arn:{partition}:" in text
        assert "arn:aws:" not in text


class TestVolumes:
    """Without these rights a node's start fails with Client.InternalError, and no word of why."""

    ROLE = (
        f"arn:aws:iam::{ACCOUNT_ID}:role/aws-service-role/autoscaling.amazonaws.com/"
        "AWSServiceRoleForAutoScaling"
    )

    def test_auto_scaling_encrypts_disks(self) -> None:
        statement = statements(volumes_policy)["AutoScalingEncryptsDisks"]
        assert statement["Condition"]["ArnEquals"] == {"aws:PrincipalArn": self.ROLE}
        assert {"kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"} <= set(
            statement["Action"]
        )

    def test_and_hands_the_key_to_ec2_alone(self) -> None:
        statement = statements(volumes_policy)["AutoScalingLetsEc2Use"]
        assert statement["Action"] == ["kms:CreateGrant"]
        assert statement["Condition"] == {
            "StringEquals": {"kms:CallerAccount": ACCOUNT_ID},
            "ArnEquals": {"aws:PrincipalArn": self.ROLE},
            "Bool": {"kms:GrantIsForAWSResource": "true"},
        }

    def test_the_role_need_not_be_there(self) -> None:
        """A principal that is not there makes the whole policy invalid."""
        for sid, statement in statements(volumes_policy).items():
            if sid != "AccountDecidesByIam":
                assert statement["Principal"] == {"AWS": "*"}


class TestLogs:
    def test_cloudwatch_encrypts_this_accounts_groups(self) -> None:
        statement = statements(logs_policy)["LogGroups"]
        assert statement["Principal"] == {"Service": f"logs.{REGION}.amazonaws.com"}
        assert statement["Condition"] == {
            "ArnLike": {
                "kms:EncryptionContext:aws:logs:arn": (
                    f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:log-group:*"
                )
            }
        }

    def test_in_china_it_has_another_name(self) -> None:
        statement = statements(logs_policy, "cn-north-1")["LogGroups"]
        assert statement["Principal"] == {"Service": "logs.cn-north-1.amazonaws.com.cn"}

    def test_an_alarm_reaches_an_encrypted_topic(self) -> None:
        statement = statements(logs_policy)["Alarms"]
        assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT_ID}}
