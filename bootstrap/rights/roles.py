"""Roles of nodes and pods. Whoever may make a role could take any right by it: hence the boundary.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
"""

from bootstrap.rights.actions import Actions
from bootstrap.rights.target import Target
from infra.aws.iam_documents import Statement

ACTIONS = {
    "aws:iam/role:Role": Actions(
        look=(
            "iam:GetRole",
            "iam:ListAttachedRolePolicies",
            "iam:ListInstanceProfilesForRole",
            "iam:ListRolePolicies",
            "iam:ListRoleTags",
        ),
        change=(
            "iam:CreateRole",
            "iam:TagRole",
            "iam:UntagRole",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole",
            "iam:UpdateRoleDescription",
        ),
        end=("iam:DeleteRole",),
    ),
    "aws:iam/rolePolicy:RolePolicy": Actions(
        look=("iam:GetRolePolicy",),
        change=("iam:PutRolePolicy",),
        end=("iam:DeleteRolePolicy",),
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Actions(
        change=("iam:AttachRolePolicy",), end=("iam:DetachRolePolicy",)
    ),
}
# That know the key iam:PermissionsBoundary, and give rights.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
_BOUNDED = (
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
)
_UNBOUNDED = (
    "iam:DeleteRole",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
)
# Who runs by the roles: EKS itself, nodes, pods, flow logs, snapshots.
_SERVICES = (
    "dlm.amazonaws.com",
    "ec2.amazonaws.com",
    "eks.amazonaws.com",
    "pods.eks.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
)
# Whose own roles come with the first cluster of an account:
# https://docs.aws.amazon.com/eks/latest/userguide/using-service-linked-roles.html
_SERVICES_WITH_ROLES = (
    "autoscaling.amazonaws.com",
    "eks-nodegroup.amazonaws.com",
    "eks.amazonaws.com",
    "elasticloadbalancing.amazonaws.com",
    "spot.amazonaws.com",
)
# The cluster's, which pulumi-eks names after its component and not after the cluster:
# https://github.com/pulumi/pulumi-eks/blob/master/nodejs/eks/cluster/cluster.ts
_ROLE_OF_PULUMI_EKS = "eks-eksRole-role-*"


def roles(target: Target) -> list[Statement]:
    own = [
        target.regionless_arn("iam", f"role/{name}")
        for name in (f"{target.prefix}-*", _ROLE_OF_PULUMI_EKS)
    ]
    return [
        Statement(
            sid="MakeBoundedRoles",
            actions=list(_BOUNDED),
            resources=own,
            conditions={"StringEquals": {"iam:PermissionsBoundary": target.boundary_arn}},
        ),
        Statement(sid="ChangeItsRoles", actions=list(_UNBOUNDED), resources=own),
        Statement(
            sid="GiveItsRolesToServices",
            actions=["iam:PassRole"],
            resources=own,
            conditions={"StringEquals": {"iam:PassedToService": _SERVICES}},
        ),
        Statement(
            sid="LetServicesMakeTheirRoles",
            actions=["iam:CreateServiceLinkedRole"],
            resources=[target.regionless_arn("iam", "role/aws-service-role/*")],
            conditions={"StringEquals": {"iam:AWSServiceName": _SERVICES_WITH_ROLES}},
        ),
    ]
