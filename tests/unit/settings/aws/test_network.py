"""infra/settings/aws/network.py: networks that AWS would refuse are refused before."""

import pytest

from tests.unit.settings.wrong import WrongSettings, change, message_of

EXISTING_VPC = {
    "vpcId": "vpc-0123456789abcdef0",
    "cidr": "10.0.0.0/16",
    "privateSubnetIds": {
        f"eu-west-1{zone}": f"subnet-0123456789abcde{zone}{zone}" for zone in "abc"
    },
    "publicSubnetIds": {},
}
WRONG: WrongSettings = {
    "host bits": (
        change("network.vpcCidr", "10.40.0.1/16"),
        "network.vpcCidr",
        "without host bits",
    ),
    "too large": (
        change("network.vpcCidr", "10.0.0.0/8"),
        "network.vpcCidr",
        "must have a prefix of /16 to /20",
    ),
    "zones of two regions": (
        change("network.zones", ["eu-west-1a", "eu-west-2a"]),
        "network.zones",
        "different zones of one region",
    ),
    "a zone twice": (
        change("network.zones", ["eu-west-1a", "eu-west-1a"]),
        "network.zones",
        "different zones of one region",
    ),
    "an existing VPC in one zone": (
        change(
            "network.existingVpc",
            EXISTING_VPC | {"privateSubnetIds": {"eu-west-1a": "subnet-0123456789abcdef0"}},
        ),
        "network.existingVpc.privateSubnetIds",
        "at least two zones",
    ),
    "endpoints in an existing VPC": (
        lambda settings: settings["network"].update(
            existingVpc=EXISTING_VPC, interfaceEndpoints=True
        ),
        "network.interfaceEndpoints",
        "must be false beside existingVpc",
    ),
    "a number of NAT gateways": (
        change("network.natGateways", "two"),
        "network.natGateways",
        "'one' or 'one-per-zone'",
    ),
    "a retention of its own": (
        change("network.flowLogRetentionDays", 31),
        "network.flowLogRetentionDays",
        "one of CloudWatch's retentions",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_named(case: str) -> None:
    message, expected = message_of(WRONG[case], on_aws=True)
    assert expected in message
