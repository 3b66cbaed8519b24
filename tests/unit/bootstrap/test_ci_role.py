"""bootstrap/ci_role.py: a role is no larger than IAM takes, and stands apart from stacks'."""

import pytest

from tests.unit.bootstrap.shared import POLICY, ROLE, bootstrap
from tests.unit.harness import Program, Registration

ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, white space apart.
POLICY_MAX_CHARACTERS = 6144
POLICIES_OF_A_ROLE = 10


@pytest.fixture(scope="module")
def program() -> Program:
    return bootstrap()


@pytest.fixture(scope="module")
def roles(program: Program) -> list[Registration]:
    return program.of_type(ROLE)


def test_each_policy_fits(program: Program) -> None:
    policies = program.of_type(POLICY)
    assert policies
    for one in policies:
        assert len("".join(one.inputs["policy"].split())) <= POLICY_MAX_CHARACTERS, one


def test_a_role_has_all_of_its_policies_and_no_others(
    program: Program, roles: list[Registration]
) -> None:
    for role in roles:
        attached = [
            one.inputs["policyArn"].rpartition("/")[2]
            for one in program.of_type(ATTACHMENT)
            if one.inputs["role"] == role.inputs["name"]
        ]
        made = [
            one.inputs["name"]
            for one in program.of_type(POLICY)
            if one.name.startswith(f"{role.name}-")
        ]
        assert sorted(attached) == sorted(made)
        assert len(made) <= POLICIES_OF_A_ROLE


def test_their_path_is_no_stacks(program: Program, roles: list[Registration]) -> None:
    """The roles of the stack dev are image-serving-dev-…, at no path."""
    assert {one.inputs["path"] for one in (*roles, *program.of_type(POLICY))} == {
        "/image-serving-ci/"
    }


def test_credentials_end_with_a_job(roles: list[Registration]) -> None:
    assert {one.name: one.inputs["maxSessionDuration"] for one in roles} == {
        "preview": 3600,
        "image-serving-dev-deploy": 7200,
        "image-serving-prod-deploy": 7200,
    }
