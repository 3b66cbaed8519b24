"""Which changes make a new resource: too few here, and a preview hides a replacement."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.aws import replacement
from local.plugins.shared import sdk
from local.plugins.shared.values import Path

AWS = sdk.Package("pulumi_aws")


@pytest.mark.parametrize(
    ("token", "path", "replaces"),
    [
        ("aws:ec2/vpc:Vpc", ("cidrBlock",), True),
        ("aws:ec2/vpc:Vpc", ("enableDnsSupport",), False),
        ("aws:eks/nodeGroup:NodeGroup", ("instanceTypes", 0), True),
        ("aws:eks/nodeGroup:NodeGroup", ("scalingConfig", "maxSize"), False),
        ("aws:eks/nodeGroup:NodeGroup", ("version",), False),
        ("aws:eks/nodeGroup:NodeGroup", ("launchTemplate", "version"), False),
        ("aws:eks/nodeGroup:NodeGroup", ("launchTemplate", "id"), True),
        ("aws:eks/cluster:Cluster", ("version",), False),
        ("aws:eks/cluster:Cluster", ("kubernetesNetworkConfig", "serviceIpv4Cidr"), True),
        ("aws:ebs/volume:Volume", ("size",), False),
        ("aws:ebs/volume:Volume", ("availabilityZone",), True),
        ("aws:kms/key:Key", ("region",), True),
    ],
)
def test_by_field(token: str, path: Path, replaces: bool) -> None:
    assert replacement.replaces(token, path, {}, {}) is replaces


@pytest.mark.parametrize(
    ("old", "new", "replaces"),
    [
        ({}, {"encryptionConfig": {"resources": ["secrets"]}}, False),
        ({"encryptionConfig": {"resources": ["secrets"]}}, {}, True),
    ],
)
def test_encryption_of_secrets_can_be_switched_on_but_not_off(
    old: dict[str, Any], new: dict[str, Any], replaces: bool
) -> None:
    found = replacement.replaces("aws:eks/cluster:Cluster", ("encryptionConfig",), old, new)
    assert found is replaces


def test_the_table_names_types_and_inputs_that_exist() -> None:
    for token, fields in replacement.FIELDS.items():
        inputs = AWS.inputs(f"aws:{token}")
        assert inputs is not None, token
        unknown = {each.partition(".")[0] for each in fields.split()} - inputs.keys()
        assert not unknown, f"{token}: {unknown}"
