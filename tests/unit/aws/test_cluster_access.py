"""infra/aws/cluster_access.py: each principal has the rights of its list, and no others."""

import pytest
from pydantic import TypeAdapter

from infra.aws.cluster_access import ClusterAccess, ClusterAccessArgs
from infra.settings.aws.eks_cluster import EksClusterSettings
from tests.unit.aws.ground import PREFIX
from tests.unit.cloud import ACCOUNT_ID, REGION
from tests.unit.harness import ADMIN, Program, run_component

ENTRY = "aws:eks/accessEntry:AccessEntry"
RIGHT = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
DEPLOYER = f"arn:aws:iam::{ACCOUNT_ID}:role/ci/deploy"
VIEWER = f"arn:aws:iam::{ACCOUNT_ID}:user/alice"


def access(region: str = REGION) -> Program:
    settings = TypeAdapter(EksClusterSettings).validate_python(
        {"admins": [ADMIN], "deployers": [DEPLOYER], "viewers": [VIEWER]}
    )
    return run_component(
        lambda: ClusterAccess(
            "access",
            ClusterAccessArgs(region=region, cluster_name=PREFIX, settings=settings),
        )
    )


def policies(program: Program) -> dict[str, str]:
    """By principal."""
    return {one.inputs["principalArn"]: one.inputs["policyArn"] for one in program.of_type(RIGHT)}


@pytest.mark.parametrize(
    ("principal", "policy"),
    [
        (ADMIN, "AmazonEKSClusterAdminPolicy"),
        # Makes cluster roles, which Kubernetes lets those alone do who have all rights.
        (DEPLOYER, "AmazonEKSClusterAdminPolicy"),
        (VIEWER, "AmazonEKSViewPolicy"),
    ],
)
def test_rights_by_list(principal: str, policy: str) -> None:
    assert policies(access())[principal] == f"arn:aws:eks::aws:cluster-access-policy/{policy}"


def test_every_principal_has_an_entry_and_nobody_else() -> None:
    entries = {one.inputs["principalArn"] for one in access().of_type(ENTRY)}
    assert entries == {ADMIN, DEPLOYER, VIEWER}


def test_rights_wait_for_their_entry() -> None:
    program = access()
    entries = {one.inputs["principalArn"]: one.urn for one in program.of_type(ENTRY)}
    for right in program.of_type(RIGHT):
        assert entries[right.inputs["principalArn"]] in right.depends_on, right


def test_rights_are_for_the_whole_cluster() -> None:
    assert all(one.inputs["accessScope"] == {"type": "cluster"} for one in access().of_type(RIGHT))


def test_in_china_policies_have_names_of_their_own() -> None:
    assert policies(access("cn-north-1"))[ADMIN].startswith("arn:aws-cn:eks::aws:")
