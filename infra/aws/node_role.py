"""The role of the nodes: to join the cluster and to pull images, and no more."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.cluster_identity import ClusterIdentity
from infra.aws.iam_documents import trust_document
from infra.aws.names import shortened
from infra.aws.pod_role import MAX_ROLE_NAME_LENGTH

# https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html. AmazonEKS_CNI_Policy is
# not among them: addresses are the business of vpc-cni, which has a role of its own.
POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")


@dataclass(frozen=True, kw_only=True)
class NodeRoleArgs:
    cluster: ClusterIdentity


class NodeRole(pulumi.ComponentResource):
    """What a node, and a pod on its network, may do: pods of their own network don't reach it."""

    TYPE = "serving:aws:NodeRole"

    arn: pulumi.Output[str]
    policies: list[pulumi.Resource]  # nodes that start without them never join

    def __init__(
        self, name: str, args: NodeRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            name,
            name=shortened(f"{args.cluster.prefix}-nodes", MAX_ROLE_NAME_LENGTH),
            description=f"Nodes of the cluster {args.cluster.prefix}",
            assume_role_policy=trust_document(f"ec2.{args.cluster.dns_suffix}", conditions=None),
            opts=child,
        )
        self.arn = role.arn
        self.policies = [
            aws.iam.RolePolicyAttachment(
                f"{name}-{policy}",
                role=role.name,
                policy_arn=args.cluster.managed_policy_arn(policy),
                opts=child,
            )
            for policy in POLICIES
        ]
        self.register_outputs({"arn": self.arn})
