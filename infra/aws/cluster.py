"""The EKS cluster: its control plane, who reaches it, and the connection to it."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
import pulumi_kubernetes as kubernetes

from infra.aws.cluster_access import ClusterAccess, ClusterAccessArgs
from infra.aws.cluster_logs import LOG_TYPES, control_plane_log_group
from infra.aws.control_plane_zones import keeping_its_zones
from infra.aws.creator_access import without_creator_access
from infra.aws.subnets import Subnets
from infra.connection import provider
from infra.settings.aws.eks_cluster import EksClusterSettings


@dataclass(frozen=True, kw_only=True)
class EksClusterArgs:
    """name: the cluster's in AWS."""

    name: str
    region: str
    settings: EksClusterSettings
    subnets: Subnets
    secrets_key_arn: pulumi.Input[str]
    logs_key_arn: pulumi.Input[str]
    protect_data: bool


class EksCluster(pulumi.ComponentResource):
    """A cluster without nodes and add-ons, which have components of their own.

    The plugin of pulumi-eks wants the AWS CLI on the PATH, in previews too.
    """

    TYPE = "serving:aws:EksCluster"

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    version: pulumi.Output[str]
    kubeconfig: pulumi.Output[str]  # JSON; asks the AWS CLI for a token, and holds none
    # EKS's own group: the control plane is in it, and every node whose template names no other.
    cluster_security_group_id: pulumi.Output[str]
    node_security_group_id: pulumi.Output[str]
    oidc_provider_arn: pulumi.Output[str]  # empty: pods get their roles by Pod Identity
    provider: kubernetes.Provider

    def __init__(
        self, name: str, args: EksClusterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        transformed = pulumi.ResourceOptions(transforms=[without_creator_access, keeping_its_zones])
        super().__init__(self.TYPE, name, None, pulumi.ResourceOptions.merge(opts, transformed))
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)

        cluster = self._control_plane()
        self.name = cluster.eks_cluster.name
        self.arn = cluster.eks_cluster.arn
        self.version = cluster.eks_cluster.version
        self.kubeconfig = cluster.kubeconfig_json
        self.cluster_security_group_id = cluster.cluster_security_group_id
        self.node_security_group_id = cluster.cluster_security_group_id
        self.oidc_provider_arn = pulumi.Output.from_input("")
        self._let_in_to_the_private_endpoint()
        self.provider = self._connection()
        self.register_outputs(
            {
                "name": self.name,
                "arn": self.arn,
                "version": self.version,
                "kubeconfig": self.kubeconfig,
                "cluster_security_group_id": self.cluster_security_group_id,
                "node_security_group_id": self.node_security_group_id,
                "oidc_provider_arn": self.oidc_provider_arn,
            }
        )

    def _control_plane(self) -> eks.Cluster:
        settings = self._args.settings
        return eks.Cluster(
            self._name,
            name=self._name_after_log_group(),
            version=settings.kubernetes_version,
            vpc_id=self._args.subnets.vpc_id,
            # Private ones alone: nodes are in them, and load balancers are the program's own.
            private_subnet_ids=list(self._args.subnets.private_subnet_ids.values()),
            authentication_mode=eks.AuthenticationMode.API,
            endpoint_private_access=True,
            endpoint_public_access=bool(settings.public_access_cidrs),
            public_access_cidrs=list(settings.public_access_cidrs) or None,
            encryption_config_key_arn=self._args.secrets_key_arn,
            enabled_cluster_log_types=list(LOG_TYPES),
            deletion_protection=settings.deletion_protection,
            skip_default_node_group=True,
            create_instance_role=False,
            skip_default_security_groups=True,
            create_oidc_provider=False,
            # Add-ons are AddOns's, all of them and with pinned versions. The plugin would make
            # those of CNI and kube-proxy itself, in the newest version unless told otherwise, and
            # EKS would install three that nobody upgrades. Mind the first name: it says that the
            # plugin makes no add-on of the CNI. Without one, nodes stay NotReady.
            # https://github.com/pulumi/pulumi-eks/blob/master/nodejs/eks/cluster/cluster.ts
            use_default_vpc_cni=True,
            kube_proxy_addon_options=eks.KubeProxyAddonOptionsArgs(enabled=False),
            coredns_addon_options=eks.CoreDnsAddonOptionsArgs(enabled=False),
            bootstrap_self_managed_addons=False,
            opts=self._child.merge(pulumi.ResourceOptions(protect=self._args.protect_data)),
        )

    def _name_after_log_group(self) -> pulumi.Output[str]:
        """The cluster's name, by way of its log group: which is made before it, and goes after it.

        `depends_on` would say so of the component alone, and not of the cluster inside.
        """
        group = control_plane_log_group(
            f"{self._name}-log-group",
            cluster_name=self._args.name,
            retention_days=self._args.settings.log_retention_days,
            key_arn=self._args.logs_key_arn,
            opts=self._child,
        )
        return group.name.apply(lambda _: self._args.name)

    def _let_in_to_the_private_endpoint(self) -> None:
        """By a runner or a VPN that is no node of the cluster. Who may do what is IAM's matter."""
        vpc_cidr = self._args.subnets.vpc_cidr
        # Each once: EC2 refuses the same rule a second time.
        for cidr in dict.fromkeys([vpc_cidr, *self._args.settings.private_access_cidrs]):
            aws.vpc.SecurityGroupIngressRule(
                f"{self._name}-api-from-{'vpc' if cidr == vpc_cidr else cidr}",
                security_group_id=self.cluster_security_group_id,
                description="Kubernetes API",
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                cidr_ipv4=cidr,
                opts=self._child,
            )

    def _connection(self) -> kubernetes.Provider:
        """What objects are made by: once there is access, and they go while there still is."""
        access = ClusterAccess(
            f"{self._name}-access",
            ClusterAccessArgs(
                region=self._args.region, cluster_name=self.name, settings=self._args.settings
            ),
            self._child,
        )
        return provider(
            f"{self._name}-connection",
            kubeconfig=self.kubeconfig,
            cluster_identifier=self.arn,
            opts=self._child.merge(pulumi.ResourceOptions(depends_on=access.ready)),
        )
