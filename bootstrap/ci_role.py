"""A role that jobs of one repository take on by their token."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from bootstrap.github import jobs_with
from infra.aws.iam_documents import Statement, federated_trust_document, policy_document


@dataclass(frozen=True, kw_only=True)
class CiRoleArgs:
    """subjects: of the jobs. path: apart from the roles of stacks, whose names begin alike.

    policies: by name; IAM counts some 6,000 characters in each, and ten of them on a role.
    """

    role_name: str
    path: str
    description: str
    provider_arn: pulumi.Input[str]
    subjects: Sequence[str]
    policies: Mapping[str, Sequence[Statement]]
    max_session_seconds: int


class CiRole(pulumi.ComponentResource):
    """Policies are objects of their own, since they don't fit into the role."""

    TYPE = "serving:bootstrap:CiRole"

    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: CiRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            name,
            name=args.role_name,
            path=args.path,
            description=args.description,
            max_session_duration=args.max_session_seconds,
            assume_role_policy=federated_trust_document(
                args.provider_arn, conditions=jobs_with(list(args.subjects))
            ),
            opts=child,
        )
        for purpose, statements in args.policies.items():
            policy = aws.iam.Policy(
                f"{name}-{purpose}",
                name=f"{args.role_name}-{purpose}",
                path=args.path,
                policy=policy_document(statements),
                opts=child,
            )
            aws.iam.RolePolicyAttachment(
                f"{name}-{purpose}-attachment",
                role=role.name,
                policy_arn=policy.arn,
                opts=child,
            )
        self.arn = role.arn
        self.register_outputs({"arn": self.arn})
