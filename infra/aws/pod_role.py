"""The role of one service account: its pods get credentials for it, and no others do."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.cluster_identity import ClusterIdentity
from infra.aws.iam_documents import (
    POD_IDENTITY_SERVICE,
    Statement,
    policy_document,
    trust_document,
)
from infra.aws.names import shortened

MAX_ROLE_NAME_LENGTH = 64  # https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html


@dataclass(frozen=True, kw_only=True)
class PodRoleArgs:
    """purpose: the end of the role's name.

    statements: all that the pods may do, beside managed_policies of AWS, named without their ARN.
    is_associated: False where an EKS add-on ties the role to the service account by itself.
    """

    cluster: ClusterIdentity
    purpose: str
    namespace: pulumi.Input[str]
    service_account: str
    statements: Sequence[Statement] = ()
    managed_policies: Sequence[str] = ()
    is_associated: bool = True


class PodRole(pulumi.ComponentResource):
    """A role for EKS Pod Identity: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html"""

    TYPE = "serving:aws:PodRole"

    arn: pulumi.Output[str]
    # A pod that starts before these has no credentials, or may do nothing with them: the first
    # for as long as it lives.
    ready: list[pulumi.Resource]

    def __init__(
        self, name: str, args: PodRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)

        role = self._role()
        self.arn = role.arn
        self.ready = self._policies(role)
        if args.is_associated:
            self.ready.append(self._association())
        self.register_outputs({"arn": self.arn})

    def _role(self) -> aws.iam.Role:
        args = self._args
        return aws.iam.Role(
            self._name,
            name=shortened(f"{args.cluster.prefix}-{args.purpose}", MAX_ROLE_NAME_LENGTH),
            description=f"Pods of the service account {args.service_account}",
            assume_role_policy=trust_document(
                POD_IDENTITY_SERVICE,
                # The tags say which pod it is. Of the cluster, too: what `aws:SourceArn` holds here
                # is documented nowhere, and where it is guessed wrong no pod gets credentials
                # (https://github.com/awslabs/mountpoint-s3-csi-driver/issues/781).
                # https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
                actions=("sts:AssumeRole", "sts:TagSession"),
                conditions={
                    "StringEquals": {
                        "aws:SourceAccount": args.cluster.account_id,
                        "aws:RequestTag/eks-cluster-arn": args.cluster.arn,
                        "aws:RequestTag/kubernetes-namespace": args.namespace,
                        "aws:RequestTag/kubernetes-service-account": args.service_account,
                    },
                },
            ),
            opts=self._child,
        )

    def _policies(self, role: aws.iam.Role) -> list[pulumi.Resource]:
        policies: list[pulumi.Resource] = [
            aws.iam.RolePolicyAttachment(
                f"{self._name}-{policy.rsplit('/', 1)[-1]}",
                role=role.name,
                policy_arn=self._args.cluster.managed_policy_arn(policy),
                opts=self._child,
            )
            for policy in self._args.managed_policies
        ]
        if self._args.statements:
            policies.append(
                aws.iam.RolePolicy(
                    f"{self._name}-rights",
                    role=role.name,
                    policy=policy_document(self._args.statements),
                    opts=self._child,
                )
            )
        return policies

    def _association(self) -> aws.eks.PodIdentityAssociation:
        return aws.eks.PodIdentityAssociation(
            f"{self._name}-association",
            cluster_name=self._args.cluster.name,
            namespace=self._args.namespace,
            service_account=self._args.service_account,
            role_arn=self.arn,
            opts=self._child,
        )
