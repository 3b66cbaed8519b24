"""Add-ons without which a node never gets ready, and pods on it get no addresses or rights."""

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.aws.add_on import PodIdentities, add_on
from infra.aws.cluster_identity import ClusterIdentity
from infra.aws.pod_role import PodRole, PodRoleArgs
from infra.pins import AddOnName

VPC_CNI_SERVICE_ACCOUNT = "aws-node"
VPC_CNI_POLICY = "AmazonEKS_CNI_Policy"
# NetworkPolicies are objects without effect unless this is on; and a text, not a boolean:
# https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html
VPC_CNI_CONFIGURATION = {"enableNetworkPolicy": "true"}


@dataclass(frozen=True, kw_only=True)
class NetworkAddOnsArgs:
    cluster: ClusterIdentity
    kubernetes_version: str


class NetworkAddOns(pulumi.ComponentResource):
    """vpc-cni, kube-proxy and the agent of Pod Identity; node groups depend on them."""

    TYPE = "serving:aws:NetworkAddOns"

    add_ons: dict[AddOnName, aws.eks.Addon]
    versions: dict[AddOnName, pulumi.Output[str]]

    def __init__(
        self, name: str, args: NetworkAddOnsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._name = name
        self._args = args
        child = pulumi.ResourceOptions(parent=self)
        vpc_cni_role = PodRole(
            f"{name}-vpc-cni-role",
            PodRoleArgs(
                cluster=args.cluster,
                purpose="vpc-cni",
                namespace="kube-system",
                service_account=VPC_CNI_SERVICE_ACCOUNT,
                managed_policies=[VPC_CNI_POLICY],
                is_associated=False,
            ),
            child,
        )
        agent = self._add_on("eks-pod-identity-agent", child)
        vpc_cni = self._add_on(
            "vpc-cni",
            # Its credentials come through the agent.
            pulumi.ResourceOptions(parent=self, depends_on=[agent, *vpc_cni_role.ready]),
            configuration=VPC_CNI_CONFIGURATION,
            pod_identities={VPC_CNI_SERVICE_ACCOUNT: vpc_cni_role.arn},
        )
        self.add_ons = {
            "eks-pod-identity-agent": agent,
            "vpc-cni": vpc_cni,
            "kube-proxy": self._add_on("kube-proxy", child),
        }
        self.versions = {key: one.addon_version for key, one in self.add_ons.items()}
        self.register_outputs({"versions": self.versions})

    def _add_on(
        self,
        add_on_name: AddOnName,
        opts: pulumi.ResourceOptions,
        *,
        configuration: dict[str, Any] | None = None,
        pod_identities: PodIdentities | None = None,
    ) -> aws.eks.Addon:
        return add_on(
            f"{self._name}-{add_on_name}",
            add_on_name,
            cluster=self._args.cluster,
            kubernetes_version=self._args.kubernetes_version,
            configuration=configuration,
            pod_identities=pod_identities,
            opts=opts,
        )
