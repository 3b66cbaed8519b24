"""The policy that every role of a stack bears: whoever writes its policies, it may do no more."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from bootstrap.rights.boundary import boundary_document
from bootstrap.rights.state import SharedState


@dataclass(frozen=True, kw_only=True)
class BoundaryArgs:
    policy_name: str
    path: str
    shared: SharedState


class Boundary(pulumi.ComponentResource):
    """One for all stacks: a stack names it in `permissionsBoundaryArn`."""

    TYPE = "serving:bootstrap:Boundary"

    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: BoundaryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        policy = aws.iam.Policy(
            name,
            name=args.policy_name,
            path=args.path,
            description="What the roles that stacks make may do at most",
            policy=boundary_document(args.shared),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = policy.arn
        self.register_outputs({"arn": self.arn})
