"""Whoever makes a cluster has no rights in it, unless the settings name them."""

from collections.abc import Mapping
from typing import Any, cast

import pulumi

CLUSTER = "aws:eks/cluster:Cluster"
CREATOR_IS_ADMIN = "bootstrapClusterCreatorAdminPermissions"


def without_creator_access(
    args: pulumi.ResourceTransformArgs,
) -> pulumi.ResourceTransformResult | None:
    """A transform, since pulumi-eks has no argument for it.

    It makes the creator an admin always, by an access entry that no setting shows; an entry of the
    same principal in the settings then fails, in the middle of the first `pulumi up`
    (https://github.com/pulumi/pulumi-eks/issues/2373). EKS reads it once, when the cluster is made.
    """
    if args.type_ != CLUSTER:
        return None
    given = cast(Mapping[str, Any], args.props["accessConfig"])
    access = {**given, CREATOR_IS_ADMIN: False}
    return pulumi.ResourceTransformResult(
        props={**args.props, "accessConfig": access}, opts=args.opts
    )
