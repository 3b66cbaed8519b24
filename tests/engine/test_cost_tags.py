"""The transform of infra/aws/cost_tags.py as the engine calls it: it adds tags, and that is all."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from infra.aws.cost_tags import cost_tags, tagging
from local.plugins.shared.launching import write_launcher
from tests.engine.conftest import REPO_ROOT
from tests.engine.workspace import Workspace

TAGS = cost_tags(project="image-serving", stack="dev")


@pytest.fixture
def account(workspace: Workspace) -> Workspace:
    """The workspace, with a pretended AWS."""
    write_launcher(workspace.folder / "plugins", Path(sys.executable), REPO_ROOT, "aws")
    return workspace


def program(*, cidr: str = "10.40.0.0/16") -> None:
    pulumi.runtime.register_resource_transform(tagging(TAGS))
    provider = aws.Provider("aws", region="eu-west-1")
    vpc = aws.ec2.Vpc(
        "vpc",
        cidr_block=cidr,
        tags={"Name": "dev"},
        opts=pulumi.ResourceOptions(
            provider=provider,
            ignore_changes=["cidrBlock"],
            custom_timeouts=pulumi.CustomTimeouts(create="7m"),
        ),
    )
    aws.ec2.Subnet(
        "subnet",
        vpc_id=vpc.id,  # not known in a preview
        cidr_block="10.40.0.0/20",
        opts=pulumi.ResourceOptions(provider=provider, depends_on=[vpc]),
    )
    aws.ec2.LaunchTemplate(
        "nodes",
        tag_specifications=[
            aws.ec2.LaunchTemplateTagSpecificationArgs(
                resource_type="instance", tags={"Name": "node"}
            )
        ],
        opts=pulumi.ResourceOptions(provider=provider),
    )
    aws.cloudwatch.Dashboard(
        "dashboard",
        dashboard_name="dev",
        dashboard_body='{"widgets": []}',
        opts=pulumi.ResourceOptions(provider=provider),
    )


def inputs(account: Workspace, name: str) -> dict[str, Any]:
    found: dict[str, Any] = account.resource(name)["inputs"]
    return found


def test_tags_and_nothing_else(account: Workspace) -> None:
    assert account.preview(program)["create"] == account.up(program)["create"]
    assert inputs(account, "vpc")["tags"] == {**TAGS, "Name": "dev"}
    assert inputs(account, "subnet")["tags"] == TAGS
    (instances,) = inputs(account, "nodes")["tagSpecifications"]
    assert instances["tags"] == {**TAGS, "Name": "node"}
    assert "tags" not in inputs(account, "dashboard")

    # Its options are as they were: how long it may take, what it waits for, what is left alone.
    vpc, subnet = account.resource("vpc"), account.resource("subnet")
    assert vpc["customTimeouts"]["create"] == 7 * 60
    assert vpc["urn"] in subnet["dependencies"]
    assert vpc["provider"] == subnet["provider"]
    assert account.up(lambda: program(cidr="10.60.0.0/16")).keys() == {"same"}
