"""infra/aws/node_role.py: a stolen node is a node, and no more."""

import json

import pytest

from tests.unit.aws.nodes import NODE_GROUP, POLICY_ATTACHMENT, ROLE, node_groups
from tests.unit.harness import Program


@pytest.fixture(scope="module")
def program() -> Program:
    return node_groups()


def test_it_may_join_and_pull_images(program: Program) -> None:
    policies = {
        one.inputs["policyArn"].rsplit("/", 1)[-1]
        for one in program.of_type(POLICY_ATTACHMENT)
        if one.inputs["role"] == "image-serving-dev-nodes"
    }
    assert policies == {"AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"}


def test_machines_alone_take_it_on(program: Program) -> None:
    (statement,) = json.loads(program.one(ROLE, "nodes-role").inputs["assumeRolePolicy"])[
        "Statement"
    ]
    assert statement["Principal"] == {"Service": "ec2.amazonaws.com"}


def test_nodes_wait_for_its_policies(program: Program) -> None:
    """One that starts before them can't join, and the group fails after half an hour."""
    policies = {one.urn for one in program.of_type(POLICY_ATTACHMENT) if "nodes-role" in one.name}
    for group in program.of_type(NODE_GROUP):
        assert policies <= group.depends_on, group
