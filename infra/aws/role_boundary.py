"""A boundary on every IAM role of a stack: who may make only such roles can give no more rights.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

import pulumi

from infra.aws.cost_tags import Transform

ROLE = "aws:iam/role:Role"
BOUNDARY = "permissionsBoundary"


def bounding(policy_arn: str) -> Transform:
    """A transform: no component can forget it, and the role that pulumi-eks makes has it too."""

    def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if args.type_ != ROLE:
            return None
        props = {**args.props, BOUNDARY: policy_arn}
        return pulumi.ResourceTransformResult(props=props, opts=args.opts)

    return transform
