"""infra/aws/network_add_ons.py: policies are enforced; credentials come before who needs them."""

import json

import pytest

from tests.unit.aws.nodes import ADD_ON, NODE_GROUP, POLICY_ATTACHMENT, add_ons
from tests.unit.cloud import ACCOUNT_ID
from tests.unit.harness import Program, Registration


@pytest.fixture(scope="module")
def program() -> Program:
    return add_ons()


@pytest.fixture(scope="module")
def vpc_cni(program: Program) -> Registration:
    return program.one(ADD_ON, "network-add-ons-vpc-cni")


class TestNetworkPolicies:
    """Without the switch they are objects in the API server, and everybody talks to everybody."""

    def test_are_enforced(self, vpc_cni: Registration) -> None:
        configuration = json.loads(vpc_cni.inputs["configurationValues"])
        assert configuration == {"enableNetworkPolicy": "true"}  # a text, as the add-on wants it


class TestRights:
    """Addresses are vpc-cni's business: the role of the nodes has no rights to them."""

    def test_vpc_cni_has_a_role_of_its_own(self, vpc_cni: Registration) -> None:
        role = f"arn:aws:iam::{ACCOUNT_ID}:role/image-serving-dev-vpc-cni"
        assert vpc_cni.inputs["podIdentityAssociations"] == [
            {"serviceAccount": "aws-node", "roleArn": role}
        ]

    def test_with_aws_own_policy(self, program: Program, vpc_cni: Registration) -> None:
        (policy,) = (
            one
            for one in program.of_type(POLICY_ATTACHMENT)
            if one.inputs["policyArn"] == "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"
        )
        assert policy.inputs["role"] == "image-serving-dev-vpc-cni"
        assert policy.urn in vpc_cni.depends_on

    def test_the_agent_that_hands_them_out_is_there(
        self, program: Program, vpc_cni: Registration
    ) -> None:
        agent = program.one(ADD_ON, "network-add-ons-eks-pod-identity-agent")
        assert agent.urn in vpc_cni.depends_on


def test_they_do_not_wait_for_nodes(program: Program) -> None:
    """Nodes wait for them."""
    groups = {group.urn for group in program.of_type(NODE_GROUP)}
    for one in program.of_type(ADD_ON):
        if one.name.startswith("network-"):
            assert not groups & one.depends_on, one
