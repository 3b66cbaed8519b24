"""infra/settings/aws/account.py: what must be said together is."""

import pytest

from tests.unit.harness import ADMIN, aws_settings, local_settings
from tests.unit.settings.wrong import WrongSettings, change, message_of, problems

WRONG: WrongSettings = {
    "no account": (
        change("awsAccountId", ""),
        "awsAccountId",
        "where awsRegion is set",
    ),
    "zones of another region": (
        change("awsRegion", "eu-north-1"),
        "network",
        "zones must name two or three zones of eu-north-1",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_named(case: str) -> None:
    message, expected = message_of(WRONG[case], on_aws=True)
    assert expected in message


def test_a_protected_cluster_is_not_open_to_the_world() -> None:
    settings = aws_settings() | {
        "protectData": True,
        "eksCluster": {"publicAccessCidrs": ["0.0.0.0/0"]},
    }
    assert "must not be 0.0.0.0/0" in problems(settings)["image-serving:eksCluster"]


def test_eks_refuses_no_deletion_that_pulumi_would_begin() -> None:
    """`destroy` would take nodes and data, and then fail on the cluster."""
    settings = aws_settings() | {
        "protectData": False,
        "eksCluster": {"admins": [ADMIN], "deletionProtection": True},
    }
    message = problems(settings)["image-serving:eksCluster"]
    assert "deletionProtection must be false while protectData is" in message


@pytest.mark.parametrize(
    "part", ["registry", "modelBucket", "datasetsVolume", "entry", "observability"]
)
def test_a_part_of_a_stack_without_aws_is_not_left_out_in_silence(part: str) -> None:
    settings = local_settings() | {part: {"enabled": True, "allowPlainHttp": True}}
    if part != "entry":
        del settings[part]["allowPlainHttp"]
    message = problems(settings)[f"image-serving:{part}"]
    assert "enabled must be false, or awsRegion be set" in message


def test_a_public_entry_needs_public_subnets_in_a_vpc_that_is_there() -> None:
    zones = ["eu-west-1a", "eu-west-1b"]
    settings = aws_settings() | {
        "network": {
            "zones": zones,
            "existingVpc": {
                "vpcId": "vpc-0a1b2c3d",
                "cidr": "10.0.0.0/16",
                "privateSubnetIds": {
                    zone: f"subnet-{index:08x}" for index, zone in enumerate(zones)
                },
                "publicSubnetIds": {zones[0]: "subnet-0000000a"},
            },
        },
        "entry": {
            "enabled": True,
            "scheme": "internet-facing",
            "sourceCidrs": ["0.0.0.0/0"],
            "allowPlainHttp": True,
        },
    }
    message = problems(settings)["image-serving:entry"]
    assert "publicSubnetIds has none of eu-west-1b" in message
