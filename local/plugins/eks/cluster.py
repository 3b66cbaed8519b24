"""`eks.Cluster`: the children that the genuine component makes, under the names it gives them.

Read in pulumi-eks 4.4, nodejs/eks/cluster/cluster.ts, for the settings that `refusals` lets pass.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from local.plugins.eks.addons import VpcCniAddon, addon
from local.plugins.eks.kubeconfig import kubeconfig
from local.plugins.eks.roles import ServiceRole
from local.plugins.eks.security_groups import (
    SecurityGroups,
    cluster_security_group,
    node_security_group,
)
from local.plugins.shared.mode import Mode


class Cluster(pulumi.ComponentResource):
    """`inputs` have their names on the wire; `state` is what the program gets."""

    state: dict[str, Any]

    def __init__(
        self,
        name: str,
        inputs: Mapping[str, Any],
        mode: Mode,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("eks:index:Cluster", name, dict(inputs), opts)
        self._name = name
        self._inputs = inputs
        self._child = pulumi.ResourceOptions(parent=self)
        self._tags = inputs.get("tags")
        group = None if inputs.get("skipDefaultSecurityGroups") else self._security_group()
        cluster = self._cluster(group)
        groups = None if group is None else self._node_security_group(group, cluster)
        config = self._kubeconfig(cluster, mode)
        kubernetes.Provider(
            f"{name}-eks-k8s",
            kubeconfig=config.apply(json.dumps),
            enable_config_map_mutable=inputs.get("enableConfigMapMutable"),
            opts=self._child,
        )
        entries = self._access_entries(cluster)
        self._addons(cluster, entries)
        self.state = self._outputs(cluster, groups, config)
        self.register_outputs(self.state)

    def _security_group(self) -> aws.ec2.SecurityGroup:
        if "clusterSecurityGroup" in self._inputs:
            given: aws.ec2.SecurityGroup = self._inputs["clusterSecurityGroup"]
            return given
        title = {"Name": f"{self._name}-eksClusterSecurityGroup"}
        tags = self._merged(title, self._inputs.get("clusterSecurityGroupTags"), self._tags)
        return cluster_security_group(self._name, self._inputs["vpcId"], tags, self._child)

    def _node_security_group(
        self, group: aws.ec2.SecurityGroup, cluster: aws.eks.Cluster
    ) -> SecurityGroups:
        title = cluster.name.apply(
            lambda cluster_name: {
                "Name": f"{self._name}-nodeSecurityGroup",
                f"kubernetes.io/cluster/{cluster_name}": "owned",
            }
        )
        tags = self._merged(title, self._inputs.get("nodeSecurityGroupTags"), self._tags)
        return node_security_group(self._name, self._inputs["vpcId"], group, tags, self._child)

    def _cluster(self, group: aws.ec2.SecurityGroup | None) -> aws.eks.Cluster:
        inputs = self._inputs
        role_arn, before = self._service_role()
        ip_range, ip_family = inputs.get("kubernetesServiceIpAddressRange"), inputs.get("ipFamily")
        network = aws.eks.ClusterKubernetesNetworkConfigArgs(
            service_ipv4_cidr=ip_range, ip_family=ip_family or "ipv4"
        )
        return aws.eks.Cluster(
            f"{self._name}-eksCluster",
            name=inputs.get("name"),
            role_arn=role_arn,
            version=inputs.get("version"),
            vpc_config=aws.eks.ClusterVpcConfigArgs(
                security_group_ids=None if group is None else [group.id],
                subnet_ids=self._subnet_ids(),
                endpoint_private_access=inputs.get("endpointPrivateAccess"),
                endpoint_public_access=inputs.get("endpointPublicAccess"),
                public_access_cidrs=inputs.get("publicAccessCidrs"),
            ),
            bootstrap_self_managed_addons=inputs.get("bootstrapSelfManagedAddons", True),
            kubernetes_network_config=network if ip_range or ip_family else None,
            enabled_cluster_log_types=inputs.get("enabledClusterLogTypes"),
            encryption_config=self._encryption(),
            access_config=aws.eks.ClusterAccessConfigArgs(
                authentication_mode=inputs["authenticationMode"],
                bootstrap_cluster_creator_admin_permissions=True,
            ),
            upgrade_policy=inputs.get("upgradePolicy"),
            deletion_protection=inputs.get("deletionProtection"),
            tags=self._merged(
                {"Name": f"{self._name}-eksCluster"}, inputs.get("clusterTags"), self._tags
            ),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=before,
                ignore_changes=[
                    "accessConfig.bootstrapClusterCreatorAdminPermissions",
                    "bootstrapSelfManagedAddons",
                ],
            ),
        )

    def _service_role(self) -> tuple[pulumi.Input[str], list[pulumi.Resource]]:
        """The role's ARN, and what must be there before the cluster."""
        given = self._inputs.get("serviceRole")
        if given is not None:
            arn: pulumi.Output[str] = pulumi.Output.from_input(given).apply(lambda role: role.arn)
            return arn, []
        made = ServiceRole(f"{self._name}-eksRole", self._tags, self._child)
        return made.role.arn, [made.role, made.attachment]

    def _subnet_ids(self) -> pulumi.Input[Any]:
        if "subnetIds" in self._inputs:
            return self._inputs["subnetIds"]
        both = [self._inputs.get(name) or [] for name in ("publicSubnetIds", "privateSubnetIds")]
        return pulumi.Output.all(*both).apply(lambda found: [*found[0], *found[1]])

    def _encryption(self) -> aws.eks.ClusterEncryptionConfigArgs | None:
        key_arn = self._inputs.get("encryptionConfigKeyArn")
        if key_arn is None:
            return None
        return aws.eks.ClusterEncryptionConfigArgs(
            provider=aws.eks.ClusterEncryptionConfigProviderArgs(key_arn=key_arn),
            resources=["secrets"],
        )

    def _kubeconfig(self, cluster: aws.eks.Cluster, mode: Mode) -> pulumi.Output[Any]:
        parts = pulumi.Output.all(
            name=cluster.name,
            arn=cluster.arn,
            endpoint=cluster.endpoint,
            authority=cluster.certificate_authority.apply(lambda authority: authority["data"]),
            kubernetes_version=cluster.version,
        )
        made: pulumi.Output[Any] = parts.apply(lambda known: kubeconfig(**known, mode=mode))
        given = mode.cluster()
        return pulumi.Output.secret(made) if given and given.holds_credentials else made

    def _access_entries(self, cluster: aws.eks.Cluster) -> list[pulumi.Resource]:
        entries: list[pulumi.Resource] = []
        options = pulumi.ResourceOptions(parent=self, depends_on=[cluster])
        for key, given in (self._inputs.get("accessEntries") or {}).items():
            entry = aws.eks.AccessEntry(
                f"{self._name}-{key}",
                cluster_name=cluster.name,
                principal_arn=given["principalArn"],
                kubernetes_groups=given.get("kubernetesGroups"),
                tags=given.get("tags"),
                type=given.get("type"),
                user_name=given.get("username"),
                opts=options,
            )
            for policy, association in (given.get("accessPolicies") or {}).items():
                details = pulumi.Output.from_input(association)
                aws.eks.AccessPolicyAssociation(
                    f"{self._name}-{key}-{policy}",
                    cluster_name=cluster.name,
                    principal_arn=given["principalArn"],
                    access_scope=details.apply(lambda found: found["accessScope"]),
                    policy_arn=details.apply(lambda found: found["policyArn"]),
                    opts=pulumi.ResourceOptions(parent=entry, depends_on=[entry]),
                )
            entries.append(entry)
        return entries

    def _addons(self, cluster: aws.eks.Cluster, entries: list[pulumi.Resource]) -> None:
        proxy = self._inputs.get("kubeProxyAddonOptions") or {}
        if proxy.get("enabled", True):
            addon(f"{self._name}-kube-proxy", "kube-proxy", cluster, proxy, self._tags, self._child)
        if not self._inputs.get("useDefaultVpcCni"):
            VpcCniAddon(
                f"{self._name}-vpc-cni",
                cluster,
                self._inputs.get("vpcCniOptions") or {},
                self._tags,
                pulumi.ResourceOptions(parent=self, depends_on=entries),
            )
        dns = self._inputs.get("corednsAddonOptions") or {}
        # Without a node group of its own, the component makes it on demand alone.
        if dns.get("enabled") or dns.get("configurationValues"):
            addon(f"{self._name}-coredns", "coredns", cluster, dns, self._tags, self._child)

    def _outputs(
        self,
        cluster: aws.eks.Cluster,
        groups: SecurityGroups | None,
        config: pulumi.Output[Any],
    ) -> dict[str, Any]:
        own = cluster.vpc_config.apply(lambda vpc: vpc["cluster_security_group_id"])
        issuer = cluster.identities.apply(lambda found: found[0]["oidcs"][0]["issuer"])
        return {
            "clusterSecurityGroup": groups.cluster if groups else None,
            "clusterSecurityGroupId": groups.cluster.id if groups else own,
            "clusterIngressRuleId": groups.ingress.security_group_rule_id if groups else "",
            "core": {
                "cluster": cluster,
                "clusterSecurityGroup": groups.cluster if groups else None,
                "endpoint": cluster.endpoint,
                "instanceRoles": [],
                "kubeconfig": config,
                "nodeGroupOptions": {},
                "subnetIds": self._subnet_ids(),
                "tags": self._tags,
                "vpcId": self._inputs["vpcId"],
            },
            "eksCluster": cluster,
            "eksClusterIngressRule": groups.ingress if groups else None,
            "instanceRoles": [],
            "kubeconfig": config,
            "kubeconfigJson": config.apply(json.dumps),
            "nodeSecurityGroup": groups.nodes if groups else None,
            "nodeSecurityGroupId": groups.nodes.id if groups else own,
            "autoModeNodeRoleName": "",
            "defaultNodeGroupAsgName": "",
            "fargateProfileId": "",
            "fargateProfileStatus": "",
            "oidcIssuer": issuer.apply(lambda url: url.removeprefix("https://")),
            "oidcProviderArn": "",
            "oidcProviderUrl": issuer,
        }

    @staticmethod
    def _merged(*tags: pulumi.Input[Any]) -> pulumi.Output[dict[str, str]]:
        """All of them; the later ones win."""
        parts = pulumi.Output.all(*[each or {} for each in tags])
        return parts.apply(lambda found: {key: each[key] for each in found for key in each})
