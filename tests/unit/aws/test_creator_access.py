"""infra/aws/creator_access.py: the settings name all who have rights; whoever ran it is no one."""

from typing import Any

import pulumi

from infra.aws.creator_access import without_creator_access


def transformed(type_: str, props: dict[str, Any]) -> Any:
    args = pulumi.ResourceTransformArgs(
        custom=True, type_=type_, name="cluster", props=props, opts=pulumi.ResourceOptions()
    )
    result = without_creator_access(args)
    return result and result.props


def test_the_cluster_of_the_plugin_is_made_without() -> None:
    made = {
        "version": "1.35",
        "accessConfig": {
            "authenticationMode": "API",
            "bootstrapClusterCreatorAdminPermissions": True,
        },
    }
    assert transformed("aws:eks/cluster:Cluster", made) == {
        "version": "1.35",
        "accessConfig": {
            "authenticationMode": "API",
            "bootstrapClusterCreatorAdminPermissions": False,
        },
    }


def test_nothing_else_is_changed() -> None:
    assert transformed("aws:eks/accessEntry:AccessEntry", {"principalArn": "arn"}) is None
