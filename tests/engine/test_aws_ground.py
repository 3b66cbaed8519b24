"""The ground in AWS through the genuine engine: what mocks don't see, inside of pulumi-eks.

AWS, and the plugin of pulumi-eks, are the stand-ins; no cluster is needed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import automation as auto
from pydantic import TypeAdapter

from bootstrap.rights import preview
from bootstrap.rights.roles import roles
from infra.aws.cluster import EksCluster, EksClusterArgs
from infra.aws.keys import Keys, KeysArgs
from infra.aws.network import Network, NetworkArgs
from infra.aws.role_boundary import bounding
from infra.settings.aws.eks_cluster import EksClusterSettings
from infra.settings.aws.network import NetworkSettings
from local.paths import REPO
from local.plugins.shared.launching import write_launcher
from tests.engine.conftest import PASSPHRASE
from tests.engine.workspace import Workspace
from tests.unit.bootstrap.rights.written import written
from tests.unit.bootstrap.shared import DEV, allows

REGION, ACCOUNT_ID, NAME = "eu-west-1", "111122223333", "image-serving-dev"
ZONES = [f"{REGION}a", f"{REGION}b"]
ADMIN = f"arn:aws:iam::{ACCOUNT_ID}:role/Admin"
CLUSTER = "aws:eks/cluster:Cluster"
ACCESS_ENTRY = "aws:eks/accessEntry:AccessEntry"
ROLE = "aws:iam/role:Role"


def ground(zones: Sequence[str] = ZONES) -> None:
    """Keys, network and cluster, all that is kept protected, with a boundary on every role."""
    pulumi.runtime.register_resource_transform(bounding(str(DEV.boundary_arn)))
    account = {"region": REGION, "account_id": ACCOUNT_ID, "prefix": NAME}
    provider = aws.Provider("aws", region=REGION)
    opts = pulumi.ResourceOptions(providers=[provider])
    keys = Keys("keys", KeysArgs(**account, protect_data=True), opts)
    settings = TypeAdapter(NetworkSettings).validate_python({"zones": zones})
    network = Network(
        "network", NetworkArgs(**account, settings=settings, logs_key_arn=keys.logs_arn), opts
    )
    EksCluster(
        "eks",
        EksClusterArgs(
            name=NAME,
            region=REGION,
            settings=TypeAdapter(EksClusterSettings).validate_python({"admins": [ADMIN]}),
            subnets=network.subnets,
            secrets_key_arn=keys.secrets_arn,
            logs_key_arn=keys.logs_arn,
            protect_data=True,
        ),
        opts,
    )


@pytest.fixture(scope="module")
def stack(pulumi_cli: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """After `pulumi up`."""
    folder = tmp_path_factory.mktemp("ground")
    for name in ("backend", "project", "home"):
        (folder / name).mkdir()
    for name in ("aws", "eks", "kubernetes"):
        write_launcher(folder / "plugins", Path(sys.executable), REPO, name)
    folders = (str(folder / "plugins"), str(pulumi_cli.parent), os.environ["PATH"])
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PATH", os.pathsep.join(folders))
        variables = {
            "PATH": os.environ["PATH"],
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }
        workspace = Workspace(folder, folder / "no-kubeconfig", "no-namespace", variables)
        workspace.up(ground)
        yield workspace


@pytest.fixture(scope="module")
def cluster_inside(stack: Workspace) -> dict[str, Any]:
    """The cluster that the component made."""
    return stack.resource("eks-eksCluster")


class TestAccess:
    """Who is in the settings, and nobody else: the plugin would let the creator in by itself."""

    def test_the_creator_has_none(self, cluster_inside: dict[str, Any]) -> None:
        assert cluster_inside["inputs"]["accessConfig"] == {
            "authenticationMode": "API",
            "bootstrapClusterCreatorAdminPermissions": False,
        }

    def test_entries_are_those_of_the_settings(self, stack: Workspace) -> None:
        entries = [one for one in stack.state()["resources"] if one["type"] == ACCESS_ENTRY]
        assert [one["inputs"]["principalArn"] for one in entries] == [ADMIN]


class TestWhoMakesIt:
    """The deploy role of bootstrap/, which mocks can't show what pulumi-eks makes."""

    def test_it_has_rights_for_every_type(self, stack: Workspace) -> None:
        types = {one["type"] for one in stack.state()["resources"]}
        assert {each for each in types if each.startswith("aws:")} <= preview.TABLE.keys()

    def test_it_may_make_every_role_as_it_is(self, stack: Workspace) -> None:
        rights = written(lambda: roles(DEV))
        made = [one["inputs"] for one in stack.state()["resources"] if one["type"] == ROLE]
        assert len(made) == 2  # of flow logs, and of the cluster, which the plugin makes
        for role in made:
            arn = DEV.regionless_arn("iam", f"role/{role['name']}")
            boundary = {"iam:PermissionsBoundary": role["permissionsBoundary"]}
            for action in ("iam:CreateRole", "iam:AttachRolePolicy"):
                assert allows(rights, action, arn, boundary), role["name"]


class TestProtection:
    def test_it_reaches_the_cluster_and_the_keys(
        self, stack: Workspace, cluster_inside: dict[str, Any]
    ) -> None:
        assert cluster_inside["protect"]
        assert stack.resource("keys-secrets")["protect"]


class TestOrder:
    """What the cluster depends on is made before it, and goes after it."""

    @pytest.mark.parametrize(
        "needed",
        [
            "eks-log-group",  # else EKS makes one that keeps all for ever
            "keys-secrets",
            f"network-private-{ZONES[0]}-way-out",
            f"network-private-{ZONES[1]}-way-out",
        ],
    )
    def test_the_cluster_inside_depends_on(
        self, stack: Workspace, cluster_inside: dict[str, Any], needed: str
    ) -> None:
        assert stack.resource(needed)["urn"] in cluster_inside["dependencies"]

    def test_a_nat_gateway_stays_until_its_route_is_unused(self, stack: Workspace) -> None:
        gateway = stack.resource(f"network-nat-gateway-{ZONES[0]}")
        assert stack.resource("network-public-way-out")["urn"] in gateway["dependencies"]


class TestAddOns:
    def test_the_plugin_made_none(self, stack: Workspace) -> None:
        types = {one["type"] for one in stack.state()["resources"]}
        assert CLUSTER in types
        assert not {"aws:eks/addon:Addon", "eks:index:VpcCniAddon"} & types


def test_an_unchanged_program_changes_nothing(stack: Workspace) -> None:
    assert stack.up(ground).keys() == {"same"}


def test_another_zone_leaves_the_control_plane_where_it_is(
    stack: Workspace, cluster_inside: dict[str, Any]
) -> None:
    """EKS refuses subnets in zones that a cluster was not made with; nodes may be in them."""
    stack.up(lambda: ground([*ZONES, f"{REGION}c"]))
    assert stack.resource(f"network-private-{REGION}c")["type"] == "aws:ec2/subnet:Subnet"
    assert len(cluster_inside["inputs"]["vpcConfig"]["subnetIds"]) == len(ZONES)
    assert stack.resource("eks-eksCluster")["inputs"] == cluster_inside["inputs"]


def test_destroy_names_what_is_protected_and_how_to_lift_it(stack: Workspace) -> None:
    """In the preview that it begins with, so before anything is deleted."""
    with pytest.raises(auto.CommandError):
        stack.stack(ground).preview_destroy(on_output=stack.log.append, run_program=True)
    urn = stack.resource("keys-volumes")["urn"]
    assert f"`pulumi state unprotect '{urn}'`" in stack.shown()
