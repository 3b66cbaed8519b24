"""Values that AWS would refuse, by the service models of botocore."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.aws import api_model
from local.plugins.aws.api_names import API_CALLS
from local.plugins.shared import sdk
from local.plugins.shared.values import UNKNOWN

AWS = sdk.Package("pulumi_aws")


def found(token: str, inputs: dict[str, Any]) -> list[str]:
    return [each.text(()) for each in api_model.problems(f"aws:{token}", inputs)]


@pytest.mark.parametrize(
    ("token", "inputs", "complaint"),
    [
        (
            "eks/nodeGroup:NodeGroup",
            {"capacityType": "spot"},
            'capacityType = "spot": AWS takes one of CAPACITY_BLOCK, ON_DEMAND, SPOT',
        ),
        ("eks/nodeGroup:NodeGroup", {"amiType": "AL2023"}, 'amiType = "AL2023": AWS takes one of'),
        (
            "eks/nodeGroup:NodeGroup",
            {"instanceTypes": ["g5.xlarge", "g55.xlarge"]},
            'instanceTypes[1] = "g55.xlarge": AWS takes none like it; there are g',
        ),
        (
            "eks/nodeGroup:NodeGroup",
            {"scalingConfig": {"minSize": -1}},
            "scalingConfig.minSize = -1: AWS takes 0 or more",
        ),
        (
            "eks/cluster:Cluster",
            {"enabledClusterLogTypes": ["apis"]},
            'enabledClusterLogTypes[0] = "apis": AWS takes one of api, audit,',
        ),
        (
            "ec2/launchTemplate:LaunchTemplate",
            {"blockDeviceMappings": [{"ebs": {"volumeType": "gp33"}}]},
            'blockDeviceMappings[0].ebs.volumeType = "gp33": AWS takes one of gp2, gp3',
        ),
        (
            "ec2/launchTemplate:LaunchTemplate",
            {"metadataOptions": {"httpTokens": "yes"}},
            'metadataOptions.httpTokens = "yes": AWS takes one of optional, required',
        ),
        ("ecr/repository:Repository", {"name": "Gateway"}, 'name = "Gateway": AWS takes what fits'),
        (
            "ecr/repository:Repository",
            {"imageTagMutability": "immutable"},
            'imageTagMutability = "immutable": AWS takes one of IMMUTABLE',
        ),
        (
            "lb/targetGroup:TargetGroup",
            {"healthCheck": {"protocol": "tcp"}},
            'healthCheck.protocol = "tcp": AWS takes one of',
        ),
        ("lb/loadBalancer:LoadBalancer", {"loadBalancerType": "nlb"}, "loadBalancerType"),
        (
            "cloudwatch/metricAlarm:MetricAlarm",
            {"comparisonOperator": "GreaterThan"},
            'comparisonOperator = "GreaterThan": AWS takes one of',
        ),
        (
            "cloudwatch/metricAlarm:MetricAlarm",
            {"treatMissingData": "ok"},
            'treatMissingData = "ok": AWS takes one of breaching, ignore, missing, notBreaching',
        ),
        ("cloudwatch/logGroup:LogGroup", {"retentionInDays": 31}, "retentionInDays = 31: AWS"),
        ("budgets/budget:Budget", {"timeUnit": "WEEKLY"}, "timeUnit"),
        (
            "budgets/budget:Budget",
            {"notifications": [{"comparisonOperator": "MORE"}]},
            'notifications[0].comparisonOperator = "MORE": AWS takes one of EQUAL_TO',
        ),
        (
            "dlm/lifecyclePolicy:LifecyclePolicy",
            {"policyDetails": {"schedules": [{"createRule": {"intervalUnit": "DAYS"}}]}},
            "policyDetails.schedules[0].createRule.intervalUnit",
        ),
        (
            "s3/bucketVersioning:BucketVersioning",
            {"versioningConfiguration": {"status": "On"}},
            'versioningConfiguration.status = "On": AWS takes one of Enabled, Suspended',
        ),
        ("iam/role:Role", {"assumeRolePolicy": "{"}, 'assumeRolePolicy = "{": not JSON'),
        ("route53/record:Record", {"type": "ALIAS"}, 'type = "ALIAS": AWS takes one of A, AAAA'),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(
    token: str, inputs: dict[str, Any], complaint: str
) -> None:
    assert any(each.startswith(complaint) for each in found(token, inputs)), found(token, inputs)


def test_right_values_pass_and_so_does_what_is_not_known_yet() -> None:
    group = {
        "amiType": "AL2023_x86_64_NVIDIA",
        "capacityType": UNKNOWN,
        "instanceTypes": ["g5.xlarge"],
        "scalingConfig": {"minSize": 0, "maxSize": 2, "desiredSize": 0},
    }
    assert found("eks/nodeGroup:NodeGroup", group) == []


def test_every_entry_of_the_table_names_a_type_and_an_operation_that_exist() -> None:
    for token in API_CALLS:
        assert AWS.inputs(token) is not None, token
        assert api_model.is_known(token), token


def test_a_type_that_no_operation_is_named_after_is_not_judged() -> None:
    assert found("ec2/routeTableAssociation:RouteTableAssociation", {"subnetId": "x"}) == []
