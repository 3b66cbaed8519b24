"""infra/aws/control_plane_zones.py: a zone more is one for nodes, and no change of the cluster."""

import pulumi

from infra.aws.control_plane_zones import keeping_its_zones


def transformed(type_: str) -> pulumi.ResourceTransformResult | None:
    """Of a resource that ignores a property already, as the plugin's cluster does."""
    return keeping_its_zones(
        pulumi.ResourceTransformArgs(
            custom=True,
            type_=type_,
            name="cluster",
            props={"version": "1.35"},
            opts=pulumi.ResourceOptions(ignore_changes=["bootstrapSelfManagedAddons"]),
        )
    )


def test_the_clusters_subnets_stay() -> None:
    result = transformed("aws:eks/cluster:Cluster")
    assert result is not None
    assert result.opts.ignore_changes == ["bootstrapSelfManagedAddons", "vpcConfig.subnetIds"]
    assert result.props == {"version": "1.35"}


def test_nothing_else_is_changed() -> None:
    assert transformed("aws:eks/nodeGroup:NodeGroup") is None
