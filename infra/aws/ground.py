"""The ground that a stack on EKS stands on: network, cluster, nodes, add-ons, in this order."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from infra.aws.account import Account
from infra.aws.cluster import EksCluster, EksClusterArgs
from infra.aws.cluster_add_ons import ClusterAddOns, ClusterAddOnsArgs
from infra.aws.cluster_identity import ClusterIdentity
from infra.aws.log_groups import LogGroups, LogGroupsArgs
from infra.aws.network import Network, NetworkArgs
from infra.aws.network_add_ons import NetworkAddOns, NetworkAddOnsArgs
from infra.aws.node_groups import NodeGroups, NodeGroupsArgs
from infra.aws.subnets import Subnets, given_network
from infra.aws.volume_teardown import volume_teardown
from infra.connection import Cluster, provider
from infra.pins import pins_in_use, warning_of
from infra.settings.cluster import ClusterSettings


@dataclass(frozen=True, kw_only=True)
class EksGround:
    """connection: how the workloads reach the cluster, which has all that they need by then."""

    account: Account
    subnets: Subnets
    cluster: EksCluster
    identity: ClusterIdentity
    nodes: NodeGroups
    log_groups: LogGroups | None
    connection: Cluster


def eks_ground(account: Account | None, settings: ClusterSettings) -> EksGround | None:
    """None for a stack whose cluster is there already."""
    if account is None or settings.cluster_source != "eks":
        return None
    version = account.settings.eks_cluster.kubernetes_version
    if warning := warning_of(pins_in_use(version)):
        pulumi.log.warn(warning)
    subnets = _subnets(account)
    cluster = _cluster(account, subnets)
    identity = ClusterIdentity(
        prefix=account.prefix,
        name=cluster.name,
        arn=cluster.arn,
        region=account.settings.region,
        account_id=account.settings.account_id,
    )
    network_add_ons = NetworkAddOns(
        "network-add-ons",
        NetworkAddOnsArgs(cluster=identity, kubernetes_version=version),
        account.opts,
    )
    nodes = NodeGroups(
        "nodes",
        NodeGroupsArgs(
            cluster=identity,
            kubernetes_version=cluster.version,
            private_subnet_ids=subnets.private_subnet_ids,
            volumes_key_arn=account.keys.volumes_arn,
            cpu=account.settings.cpu_nodes,
            gpus=account.settings.gpu_nodes,
            needs=[*network_add_ons.add_ons.values()],
        ),
        account.opts,
    )
    log_groups = _log_groups(account)
    cluster_add_ons = ClusterAddOns(
        "cluster-add-ons",
        ClusterAddOnsArgs(
            cluster=identity,
            kubernetes_version=version,
            service_namespace=settings.namespace,
            volumes_key_arn=account.keys.volumes_arn,
            volume_tags=account.tags,
            nodes=nodes.cpu,
            log_groups=log_groups,
            ebs_csi_opts=volume_teardown(cluster.kubeconfig, connection=cluster.provider),
        ),
        account.opts,
    )
    return EksGround(
        account=account,
        subnets=subnets,
        cluster=cluster,
        identity=identity,
        nodes=nodes,
        log_groups=log_groups,
        connection=_connection(
            cluster, [*nodes.cpu, *nodes.gpu, *cluster_add_ons.add_ons.values()]
        ),
    )


def _subnets(account: Account) -> Subnets:
    network = account.settings.network
    if network.existing_vpc:
        return given_network(network.existing_vpc, network.zones)
    return Network(
        "network",
        NetworkArgs(
            prefix=account.prefix,
            region=account.settings.region,
            account_id=account.settings.account_id,
            settings=network,
            logs_key_arn=account.keys.logs_arn,
        ),
        account.opts,
    ).subnets


def _cluster(account: Account, subnets: Subnets) -> EksCluster:
    return EksCluster(
        "eks",
        EksClusterArgs(
            name=account.prefix,
            region=account.settings.region,
            settings=account.settings.eks_cluster,
            subnets=subnets,
            secrets_key_arn=account.keys.secrets_arn,
            logs_key_arn=account.keys.logs_arn,
            protect_data=account.settings.protect_data,
        ),
        account.opts,
    )


def _log_groups(account: Account) -> LogGroups | None:
    if not account.settings.observability.enabled:
        return None
    return LogGroups(
        "log-groups",
        LogGroupsArgs(
            cluster_name=account.prefix,
            retention_days=account.settings.observability.log_retention_days,
            key_arn=account.keys.logs_arn,
        ),
        account.opts,
    )


def _connection(cluster: EksCluster, needs: Sequence[pulumi.Resource]) -> Cluster:
    """A provider of its own: every object depends on it, and so on nodes, volumes and names.

    They come before all pods and go after them; a component's `depends_on` would not reach its
    children.
    """
    made = provider(
        "cluster",
        kubeconfig=cluster.kubeconfig,
        cluster_identifier=cluster.arn,
        opts=pulumi.ResourceOptions(depends_on=[cluster.provider, *needs]),
    )
    return Cluster(name=cluster.name, kubeconfig=cluster.kubeconfig, provider=made)
