"""Networks and ARNs are recognised by their inputs' names."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.aws.formats import problems
from local.plugins.shared.values import UNKNOWN

GROUP = "aws:lb/targetGroup:TargetGroup"


def found(inputs: dict[str, Any], token: str = "aws:ec2/vpc:Vpc") -> list[str]:
    return [each.text(()) for each in problems(token, inputs)]


@pytest.mark.parametrize(
    "inputs",
    [
        {"cidrBlock": "10.0.0.0/16", "vpcConfig": {"publicAccessCidrs": ["0.0.0.0/0"]}},
        {"cidrIpv4": UNKNOWN, "roleArn": UNKNOWN, "cidrBlocks": [UNKNOWN]},
        {"roleArn": "arn:aws:iam::123456789012:role/a", "policyArn": "arn:aws:iam::aws:policy/A"},
        {"alarmActions": ["x"], "tags": {"ownerArn": "me", "cidr": "home"}},
        {"sourceArn": "arn:aws:s3:::models", "arns": ["anything"]},
    ],
)
def test_what_is_right_or_not_known_yet_passes(inputs: dict[str, Any]) -> None:
    assert found(inputs) == []


@pytest.mark.parametrize(
    ("inputs", "complaint"),
    [
        ({"cidrBlock": "10.0.0.1/16"}, 'cidrBlock = "10.0.0.1/16": not a network (10.0.0.1/16 has'),
        ({"cidrIpv4": "10.0.0.0/33"}, 'cidrIpv4 = "10.0.0.0/33": not a network'),
        (
            {"vpcConfig": {"publicAccessCidrs": ["office"]}},
            'vpcConfig.publicAccessCidrs[0] = "office": not a network',
        ),
        ({"nodeRoleArn": "nodes"}, 'nodeRoleArn = "nodes": not an ARN'),
        ({"roleArn": "arn:aws:iam::42:role/a"}, "roleArn"),
    ],
)
def test_what_is_wrong_is_named(inputs: dict[str, Any], complaint: str) -> None:
    [text] = found(inputs)
    assert text.startswith(complaint)


@pytest.mark.parametrize("name", ["-gateway", "a" * 33, "a_b"])
def test_a_load_balancers_name_is_short_and_plain(name: str) -> None:
    assert len(found({"name": name}, GROUP)) == 1
    assert found({"name": "gateway-1"}, GROUP) == []
