"""infra/aws/flow_logs.py: traffic is on record for as long as the settings say, and encrypted."""

import json

import parliament
import pytest

from tests.unit.aws.ground import LOGS_KEY, PREFIX, network
from tests.unit.cloud import ACCOUNT_ID, REGION
from tests.unit.harness import Program

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
GROUP = f"/aws/vpc/{PREFIX}/flow-logs"
GROUP_ARN = f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:log-group:{GROUP}"


@pytest.fixture(scope="module")
def program() -> Program:
    return network(flowLogRetentionDays=7)


def rights(program: Program) -> str:
    return str(program.one(ROLE_POLICY).inputs["policy"])


def test_all_traffic_of_the_vpc_is_on_record(program: Program) -> None:
    flow_log = program.one(FLOW_LOG).inputs
    assert flow_log["vpcId"] == "network-vpc-id"
    assert flow_log["trafficType"] == "ALL"
    assert flow_log["logDestination"] == GROUP_ARN


def test_it_is_kept_as_long_as_the_settings_say(program: Program) -> None:
    assert program.one(LOG_GROUP).inputs == {
        "name": GROUP,
        "retentionInDays": 7,
        "kmsKeyId": LOGS_KEY,
    }


class TestRole:
    def test_only_flow_logs_of_this_account_assume_it(self, program: Program) -> None:
        role = program.one("aws:iam/role:Role").inputs
        (trust,) = json.loads(role["assumeRolePolicy"])["Statement"]
        assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
        assert trust["Condition"] == {
            "StringEquals": {"aws:SourceAccount": ACCOUNT_ID},
            "ArnLike": {"aws:SourceArn": f"arn:aws:ec2:{REGION}:{ACCOUNT_ID}:vpc-flow-log/*"},
        }

    def test_it_writes_to_this_group_alone(self, program: Program) -> None:
        write, look = json.loads(rights(program))["Statement"]
        assert write["Resource"] == [f"{GROUP_ARN}:*"]
        assert look["Action"] == ["logs:DescribeLogGroups"]

    def test_its_rights_are_such_as_aws_knows(self, program: Program) -> None:
        assert parliament.analyze_policy_string(rights(program)).findings == []

    def test_its_rights_are_there_before_aws_tries_them(self, program: Program) -> None:
        assert program.one(ROLE_POLICY).urn in program.one(FLOW_LOG).depends_on
