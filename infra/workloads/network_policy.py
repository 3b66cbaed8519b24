"""Who may talk to whom: NetworkPolicies that name every peer and port, and refuse the rest."""

from collections.abc import Iterable, Sequence

import pulumi
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs
from pulumi_kubernetes.networking.v1 import (
    IPBlockArgs,
    NetworkPolicy,
    NetworkPolicyEgressRuleArgs,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
    NetworkPolicySpecArgs,
)

from infra.labels import Workload
from infra.settings.gateway_sources import WEB_PORTS
from infra.settings.types import IpNetwork

DNS_PORT = 53
# EKS has its API server on the first, others on the second.
API_SERVER_PORTS = (443, 6443)
# https://www.iana.org/assignments/iana-ipv4-special-registry: everything that is not public.
SPECIAL_IPV4_NETWORKS = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/4",
    "240.0.0.0/4",
]
# https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html: the agent on each node.
POD_IDENTITY_NETWORKS = ("169.254.170.23/32", "fd00:ec2::23/128")
POD_IDENTITY_PORT = 80
# The only part of IPv6 in which public addresses are given out.
GLOBAL_IPV6_NETWORK = "2000::/3"


def network_policy(
    resource_name: str,
    *,
    workload: Workload,
    ingress: Sequence[NetworkPolicyIngressRuleArgs],
    egress: Sequence[NetworkPolicyEgressRuleArgs],
    namespace: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> NetworkPolicy:
    """Lets the workload's pods have these connections and no others, in both directions."""
    return NetworkPolicy(
        resource_name,
        metadata=workload.metadata(namespace),
        spec=NetworkPolicySpecArgs(
            pod_selector=workload.pods(),
            policy_types=["Ingress", "Egress"],
            # The API server drops an empty list: left in, each apply would be a change.
            ingress=ingress or None,
            egress=egress or None,
        ),
        opts=opts,
    )


def from_workload(client: Workload, server: Workload) -> NetworkPolicyIngressRuleArgs:
    return NetworkPolicyIngressRuleArgs(from_=[_pods_of(client)], ports=_tcp(server.port))


def from_anywhere(server: Workload) -> NetworkPolicyIngressRuleArgs:
    return NetworkPolicyIngressRuleArgs(ports=_tcp(server.port))


def to_workload(server: Workload) -> NetworkPolicyEgressRuleArgs:
    return NetworkPolicyEgressRuleArgs(to=[_pods_of(server)], ports=_tcp(server.port))


def to_cluster_dns() -> NetworkPolicyEgressRuleArgs:
    """CoreDNS still carries its predecessor's label, on EKS too."""
    return NetworkPolicyEgressRuleArgs(
        to=[
            NetworkPolicyPeerArgs(
                namespace_selector=LabelSelectorArgs(
                    match_labels={"kubernetes.io/metadata.name": "kube-system"}
                ),
                pod_selector=LabelSelectorArgs(match_labels={"k8s-app": "kube-dns"}),
            )
        ],
        ports=[
            NetworkPolicyPortArgs(port=DNS_PORT, protocol=protocol) for protocol in ("UDP", "TCP")
        ],
    )


def to_namespace(name: str, port: int) -> NetworkPolicyEgressRuleArgs:
    """All pods of a namespace: those of a Service of another owner bear labels of their own."""
    return NetworkPolicyEgressRuleArgs(
        to=[
            NetworkPolicyPeerArgs(
                namespace_selector=LabelSelectorArgs(
                    match_labels={"kubernetes.io/metadata.name": name}
                )
            )
        ],
        ports=_tcp(port),
    )


def to_public_web(ports: Sequence[int] = WEB_PORTS) -> NetworkPolicyEgressRuleArgs:
    """Public addresses only: not the cluster, its nodes, or the instance metadata service."""
    return NetworkPolicyEgressRuleArgs(
        to=[
            NetworkPolicyPeerArgs(
                ip_block=IPBlockArgs(cidr="0.0.0.0/0", except_=SPECIAL_IPV4_NETWORKS)
            ),
            NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr=GLOBAL_IPV6_NETWORK)),
        ],
        ports=_tcp(*ports),
    )


def to_api_servers() -> NetworkPolicyEgressRuleArgs:
    """Kubernetes' and AWS's: anywhere, since nobody knows their addresses beforehand."""
    return NetworkPolicyEgressRuleArgs(ports=_tcp(*API_SERVER_PORTS))


def to_pod_identity_agent() -> NetworkPolicyEgressRuleArgs:
    """Where the AWS SDKs get a service account's credentials; nothing else of link-local."""
    return NetworkPolicyEgressRuleArgs(
        to=[
            NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr=cidr)) for cidr in POD_IDENTITY_NETWORKS
        ],
        ports=_tcp(POD_IDENTITY_PORT),
    )


def to_networks(networks: Iterable[IpNetwork]) -> list[NetworkPolicyEgressRuleArgs]:
    """Networks named in the settings, on every TCP port.

    A rule per network, since one rule without any network would allow every destination.
    """
    return [
        NetworkPolicyEgressRuleArgs(
            to=[NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr=str(network)))],
            ports=[NetworkPolicyPortArgs(protocol="TCP")],
        )
        for network in networks
    ]


def _pods_of(workload: Workload) -> NetworkPolicyPeerArgs:
    return NetworkPolicyPeerArgs(pod_selector=workload.pods())


def _tcp(*ports: int) -> list[NetworkPolicyPortArgs]:
    return [NetworkPolicyPortArgs(port=port, protocol="TCP") for port in ports]
