"""bootstrap/rights/network.py: EC2 knows no names, so tags tell whose something is."""

import pytest

from bootstrap.rights.network import network
from tests.unit.bootstrap.rights.written import CONTEXT, NEW, unmeant, written
from tests.unit.bootstrap.shared import DEV, allows

STATEMENTS = written(lambda: network(DEV))
VPC = DEV.arn("ec2", "vpc/vpc-0a1")
OTHERS = {**CONTEXT, "aws:ResourceTag/Stack": "image-serving/prod"}


def test_the_linter_finds_nothing_else() -> None:
    """It looks at one statement at a time; the volume that a snapshot is of is in another."""
    [finding] = unmeant(lambda: network(DEV))
    assert finding.startswith("RESOURCE_MISMATCH")
    assert "'action': 'ec2:CreateSnapshot', 'required_format': 'arn:*:ec2:*:*:volume/*'" in finding


@pytest.mark.parametrize(
    "action", ["ec2:DeleteVpc", "ec2:DeleteVolume", "ec2:ModifyVolume", "ec2:ReplaceRoute"]
)
def test_it_changes_and_deletes_its_own_alone(action: str) -> None:
    assert allows(STATEMENTS, action, VPC, CONTEXT)
    assert not allows(STATEMENTS, action, VPC, OTHERS)
    assert not allows(STATEMENTS, action, VPC, NEW)


def test_it_makes_nothing_in_another_region() -> None:
    elsewhere = {**CONTEXT, "aws:RequestedRegion": "us-east-1"}
    assert allows(STATEMENTS, "ec2:CreateVpc", VPC, CONTEXT)
    assert not allows(STATEMENTS, "ec2:CreateVpc", VPC, elsewhere)


@pytest.mark.parametrize("action", ["ec2:CreateTags", "ec2:DeleteTags"])
def test_it_does_not_make_anothers_its_own(action: str) -> None:
    assert allows(STATEMENTS, action, VPC, CONTEXT)
    assert not allows(STATEMENTS, action, VPC, OTHERS)


def test_it_tags_the_security_group_that_came_with_its_vpc() -> None:
    assert allows(STATEMENTS, "ec2:CreateTags", DEV.arn("ec2", "security-group/sg-1"), NEW)


@pytest.mark.parametrize("action", ["ec2:CreateSnapshot", "ec2:CreateTags"])
def test_it_makes_the_final_snapshot_of_a_volume_and_changes_no_other(action: str) -> None:
    snapshot = DEV.accountless_arn("ec2", "snapshot/snap-1")
    assert allows(STATEMENTS, action, snapshot, NEW)
    assert not allows(STATEMENTS, action, snapshot, OTHERS)


def test_it_takes_a_snapshot_of_its_own_volumes_alone() -> None:
    volume = DEV.arn("ec2", "volume/vol-1")
    assert allows(STATEMENTS, "ec2:CreateSnapshot", volume, CONTEXT)
    assert not allows(STATEMENTS, "ec2:CreateSnapshot", volume, OTHERS)
