"""Who may do what in a cluster: access entries of EKS, and no others."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.settings.aws.eks_cluster import EksClusterSettings
from infra.settings.aws.types import partition

# https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy"
VIEW = "AmazonEKSViewPolicy"  # no Secrets


@dataclass(frozen=True, kw_only=True)
class ClusterAccessArgs:
    region: str
    cluster_name: pulumi.Input[str]
    settings: EksClusterSettings


class ClusterAccess(pulumi.ComponentResource):
    """An entry for each principal that the settings name."""

    TYPE = "serving:aws:ClusterAccess"

    ready: Sequence[pulumi.Resource]  # what a client of the cluster has to wait for

    def __init__(
        self, name: str, args: ClusterAccessArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)

        settings = args.settings
        # Deployers make cluster roles, which is for those alone who have all rights themselves:
        # https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
        may = {
            **dict.fromkeys(settings.admins, CLUSTER_ADMIN),
            **dict.fromkeys(settings.deployers, CLUSTER_ADMIN),
            **dict.fromkeys(settings.viewers, VIEW),
        }
        self.ready = [self._entry(principal, policy) for principal, policy in may.items()]
        self.register_outputs({})

    def _entry(self, principal_arn: str, policy: str) -> aws.eks.AccessPolicyAssociation:
        account_id, principal = principal_arn.split(":", 4)[-1].split(":", 1)
        suffix = f"{account_id}-{principal.replace('/', '-')}"
        entry = aws.eks.AccessEntry(
            f"{self._name}-{suffix}",
            cluster_name=self._args.cluster_name,
            principal_arn=principal_arn,
            type="STANDARD",
            opts=self._child,
        )
        return aws.eks.AccessPolicyAssociation(
            f"{self._name}-{suffix}-{policy}",
            cluster_name=self._args.cluster_name,
            principal_arn=entry.principal_arn,
            policy_arn=(
                f"arn:{partition(self._args.region)}:eks::aws:cluster-access-policy/{policy}"
            ),
            access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
            opts=self._child,
        )
