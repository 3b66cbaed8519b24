"""infra/aws/pod_role.py: one service account of one cluster takes the role on, and nobody else."""

import json
from dataclasses import replace
from typing import Any

import pulumi
import pytest
from pulumi_kubernetes.core.v1 import ConfigMap

from infra.aws.iam_documents import Statement
from infra.aws.pod_role import PodRole, PodRoleArgs
from tests.unit.aws.nodes import CLUSTER, POLICY_ATTACHMENT, ROLE, ROLE_POLICY
from tests.unit.cloud import ACCOUNT_ID
from tests.unit.harness import Program, run_component

ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
ARGS = PodRoleArgs(
    cluster=CLUSTER,
    purpose="model-digits",
    namespace="image-serving",
    service_account="model-digits",
    statements=[
        Statement(sid="Read", actions=["s3:GetObject"], resources=["arn:aws:s3:::models/digits/*"])
    ],
)


def made(**changes: Any) -> Program:
    return run_component(lambda: PodRole("role", replace(ARGS, **changes)))


@pytest.fixture(scope="module")
def program() -> Program:
    return made()


class TestTrust:
    """Any Pod Identity association of the account could take on a role without these conditions."""

    @pytest.fixture
    def statement(self, program: Program) -> dict[str, Any]:
        (found,) = json.loads(program.one(ROLE).inputs["assumeRolePolicy"])["Statement"]
        assert isinstance(found, dict)
        return found

    def test_the_agents_service_alone(self, statement: dict[str, Any]) -> None:
        assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}

    def test_it_may_say_which_pod_it_is(self, statement: dict[str, Any]) -> None:
        """Without TagSession no pod ever gets credentials."""
        assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]

    def test_for_one_service_account_of_one_cluster(self, statement: dict[str, Any]) -> None:
        assert statement["Condition"] == {
            "StringEquals": {
                "aws:SourceAccount": ACCOUNT_ID,
                "aws:RequestTag/eks-cluster-arn": CLUSTER.arn,
                "aws:RequestTag/kubernetes-namespace": "image-serving",
                "aws:RequestTag/kubernetes-service-account": "model-digits",
            }
        }


class TestAssociation:
    def test_ties_the_role_to_the_service_account(self, program: Program) -> None:
        association = program.one(ASSOCIATION).inputs
        assert association == {
            "clusterName": CLUSTER.name,
            "namespace": "image-serving",
            "serviceAccount": "model-digits",
            "roleArn": f"arn:aws:iam::{ACCOUNT_ID}:role/image-serving-dev-model-digits",
        }

    def test_pods_can_wait_for_it_and_for_the_rights(self) -> None:
        """Credentials are given at a pod's start or never."""

        def build() -> None:
            role = PodRole("role", ARGS)
            ConfigMap("later", opts=pulumi.ResourceOptions(depends_on=role.ready))

        program = run_component(build)
        needed = {program.one(ASSOCIATION).urn, program.one(ROLE_POLICY).urn}
        assert needed <= program.one("kubernetes:core/v1:ConfigMap").depends_on

    def test_none_where_an_add_on_makes_it(self) -> None:
        """EKS refuses a second one for the same service account."""
        assert not made(is_associated=False).of_type(ASSOCIATION)


class TestRights:
    def test_those_of_the_statements(self, program: Program) -> None:
        policy = program.one(ROLE_POLICY).inputs
        assert policy["role"] == "image-serving-dev-model-digits"
        (statement,) = json.loads(policy["policy"])["Statement"]
        assert statement["Action"] == ["s3:GetObject"]
        assert not program.of_type(POLICY_ATTACHMENT)

    def test_those_of_aws(self) -> None:
        """A role without statements has no policy of its own: IAM refuses an empty one."""
        program = made(statements=[], managed_policies=["service-role/AmazonEBSCSIDriverPolicy"])
        attachment = program.one(POLICY_ATTACHMENT).inputs
        assert attachment["policyArn"] == (
            "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"
        )
        assert not program.of_type(ROLE_POLICY)


def test_a_long_name_fits() -> None:
    """Cluster names may have 100 characters, roles 64."""
    program = made(cluster=replace(CLUSTER, prefix="c" * 100))
    assert len(program.one(ROLE).inputs["name"]) == 64
