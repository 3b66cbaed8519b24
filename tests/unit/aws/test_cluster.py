"""infra/aws/cluster.py: a closed cluster, whose version moves when the settings say so."""

import json
from typing import Any

import pytest

from tests.unit.aws.ground import PREFIX, SECRETS_KEY, ZONES, cluster
from tests.unit.cloud import ACCOUNT_ID, CLUSTER_SECURITY_GROUP_ID, EKS_CLUSTER, REGION
from tests.unit.harness import ADMIN, Program, Registration

OFFICE = "198.51.100.0/24"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"


@pytest.fixture(scope="module")
def closed() -> Program:
    return cluster()


@pytest.fixture(scope="module")
def component(closed: Program) -> dict[str, Any]:
    """What pulumi-eks is asked for."""
    return closed.one(EKS_CLUSTER).inputs


@pytest.fixture(scope="module")
def provider(closed: Program) -> Registration:
    return closed.one("pulumi:providers:kubernetes")


class TestEndpoint:
    """EKS's own default is an API server that all the world may talk to."""

    def test_the_private_one_alone(self, component: dict[str, Any]) -> None:
        assert component["endpointPrivateAccess"] is True
        assert component["endpointPublicAccess"] is False
        assert "publicAccessCidrs" not in component  # an error, while there is no public one

    def test_a_public_one_for_the_named_networks(self) -> None:
        asked = cluster(publicAccessCidrs=(OFFICE,)).one(EKS_CLUSTER).inputs
        assert asked["endpointPublicAccess"] is True
        assert asked["publicAccessCidrs"] == [OFFICE]
        assert asked["endpointPrivateAccess"] is True  # nodes don't leave the VPC for it

    def test_a_runner_in_the_vpc_reaches_it(self, closed: Program) -> None:
        rule = closed.one(INGRESS).inputs
        assert rule["securityGroupId"] == CLUSTER_SECURITY_GROUP_ID
        assert rule["cidrIpv4"] == "10.40.0.0/16"
        assert (rule["fromPort"], rule["toPort"]) == (443, 443)

    def test_so_do_the_networks_named_beside_the_vpc(self) -> None:
        """An office over a VPN, runners in a peered VPC: they come with addresses of their own."""
        rules = [
            rule.inputs
            for rule in cluster(privateAccessCidrs=(OFFICE,)).of_type(INGRESS)
            if rule.inputs["securityGroupId"] == CLUSTER_SECURITY_GROUP_ID
        ]
        assert {rule["cidrIpv4"] for rule in rules} == {"10.40.0.0/16", OFFICE}
        assert {(rule["fromPort"], rule["toPort"]) for rule in rules} == {(443, 443)}


class TestVersions:
    def test_kubernetes_is_pinned(self) -> None:
        assert cluster(kubernetesVersion="1.34").one(EKS_CLUSTER).inputs["version"] == "1.34"

    def test_the_plugin_makes_no_add_on(self, component: dict[str, Any]) -> None:
        """It would take the newest, and an unchanged program would upgrade a running cluster."""
        assert component["useDefaultVpcCni"] is True  # which means: no add-on of the CNI
        assert component["kubeProxyAddonOptions"]["enabled"] is False
        assert component["corednsAddonOptions"]["enabled"] is False

    def test_eks_installs_none_that_nobody_upgrades(self, component: dict[str, Any]) -> None:
        assert component["bootstrapSelfManagedAddons"] is False


class TestNodes:
    def test_there_are_none_but_those_of_node_groups(self, component: dict[str, Any]) -> None:
        assert component["skipDefaultNodeGroup"] is True
        assert component["createInstanceRole"] is False

    def test_they_are_in_private_subnets(self, component: dict[str, Any]) -> None:
        """A node group that names no subnets takes the cluster's."""
        assert component["privateSubnetIds"] == [f"subnet-private-{zone}" for zone in ZONES]
        assert not {"publicSubnetIds", "subnetIds"} & component.keys()

    def test_they_share_the_security_group_of_eks(self, closed: Program) -> None:
        assert closed.one(EKS_CLUSTER).inputs["skipDefaultSecurityGroups"] is True
        assert closed.outputs["node_security_group_id"] == CLUSTER_SECURITY_GROUP_ID


class TestLogs:
    """Without a group of ours EKS makes one that keeps all for ever, and is paid for ever."""

    def test_all_kinds_are_kept(self, component: dict[str, Any]) -> None:
        assert component["enabledClusterLogTypes"] == [
            "api",
            "audit",
            "authenticator",
            "controllerManager",
            "scheduler",
        ]

    def test_the_group_is_there_before_the_cluster_and_longer(self, closed: Program) -> None:
        group = closed.one(LOG_GROUP)
        assert group.inputs["name"] == f"/aws/eks/{PREFIX}/cluster"
        assert closed.one(EKS_CLUSTER).inputs["name"] == PREFIX
        assert group.urn in closed.one(EKS_CLUSTER).depends_on


class TestProtection:
    def test_secrets_are_encrypted_with_our_key(self, component: dict[str, Any]) -> None:
        assert component["encryptionConfigKeyArn"] == SECRETS_KEY

    def test_prod_is_not_deleted_by_pulumi_or_by_hand(self) -> None:
        asked = cluster(protect_data=True, deletionProtection=True).one(EKS_CLUSTER)
        assert asked.options.protect
        assert asked.inputs["deletionProtection"] is True

    def test_dev_is(self, closed: Program) -> None:
        asked = closed.one(EKS_CLUSTER)
        assert not asked.options.protect
        assert asked.inputs["deletionProtection"] is False


class TestAccess:
    def test_it_is_by_entries_alone(self, component: dict[str, Any]) -> None:
        """Without the ConfigMap aws-auth, which locks all out if a line of it is wrong."""
        assert component["authenticationMode"] == "API"
        assert "accessEntries" not in component

    def test_the_creator_gets_none_by_the_way(self, closed: Program) -> None:
        """And its zones stay: both are transforms, seen at work in tests/engine."""
        assert closed.one("serving:aws:EksCluster").options.transforms == 2

    def test_no_provider_of_roles_by_oidc(self, component: dict[str, Any]) -> None:
        """Pods have Pod Identity, and the plugin would open a connection, in previews too."""
        assert component["createOidcProvider"] is False


class TestAccount:
    """The plugin brings an AWS SDK of its own, whose default would be whatever account is near."""

    def test_the_plugin_gets_the_programs_provider(self, closed: Program) -> None:
        account = closed.one("pulumi:providers:aws")
        assert closed.one(EKS_CLUSTER).providers["aws"] == f"{account.urn}::{account.name}-id"


class TestConnection:
    """All objects in the cluster hang on this provider: if it is replaced, so are they."""

    def test_only_another_cluster_replaces_it(self, provider: Registration) -> None:
        arn = f"arn:aws:eks:{REGION}:{ACCOUNT_ID}:cluster/{PREFIX}"
        assert provider.inputs["clusterIdentifier"] == arn

    def test_it_asks_for_tokens_and_holds_none(
        self, closed: Program, provider: Registration
    ) -> None:
        (user,) = json.loads(provider.inputs["kubeconfig"])["users"]
        assert user["user"].keys() == {"exec"}
        assert closed.outputs["kubeconfig"] == provider.inputs["kubeconfig"]

    def test_it_waits_for_access(self, closed: Program, provider: Registration) -> None:
        rights = closed.of_type("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
        assert [one.inputs["principalArn"] for one in rights] == [ADMIN]
        assert {one.urn for one in rights} <= provider.depends_on

    def test_live_data_is_changed_in_place(self, provider: Registration) -> None:
        assert provider.inputs["enableConfigMapMutable"] == "true"
        assert provider.inputs["enableSecretMutable"] == "true"


def test_outputs(closed: Program) -> None:
    assert closed.outputs["name"] == PREFIX
    assert closed.outputs["version"] == "1.35"
    assert closed.outputs["arn"].endswith(f":cluster/{PREFIX}")


def test_a_preview_shows_all() -> None:
    assert {one.urn for one in cluster(preview=True).resources} == {
        one.urn for one in cluster().resources
    }
