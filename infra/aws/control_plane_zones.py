"""The control plane stays in the zones that it was made in; nodes may come in others."""

import pulumi

CLUSTER = "aws:eks/cluster:Cluster"
SUBNETS = "vpcConfig.subnetIds"


def keeping_its_zones(
    args: pulumi.ResourceTransformArgs,
) -> pulumi.ResourceTransformResult | None:
    """A transform, since pulumi-eks has no argument for it.

    EKS takes other subnets of a cluster only if they are in the zones of the first ones: a zone
    that is added to the network would fail in the middle of `pulumi up`
    (https://github.com/aws/containers-roadmap/issues/2330). Nodes don't need the control plane in
    their zone.
    """
    if args.type_ != CLUSTER:
        return None
    kept = pulumi.ResourceOptions(ignore_changes=[SUBNETS])
    return pulumi.ResourceTransformResult(
        props=args.props, opts=pulumi.ResourceOptions.merge(args.opts, kept)
    )
