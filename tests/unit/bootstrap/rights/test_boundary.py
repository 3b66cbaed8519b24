"""bootstrap/rights/boundary.py: wide enough for what a stack makes, and closed where it matters."""

import json

import parliament
import pulumi
import pytest

from bootstrap.rights.boundary import boundary_document
from tests.unit.bootstrap.shared import BUCKET, DEV, SHARED, Statement, allows
from tests.unit.harness import Program, run_component

ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"


@pytest.fixture(scope="module")
def document() -> str:
    program = run_component(lambda: pulumi.export("it", boundary_document(SHARED)))
    return str(program.outputs["it"])


@pytest.fixture(scope="module")
def statements(document: str) -> list[Statement]:
    found: list[Statement] = json.loads(document)["Statement"]
    return found


def test_it_is_a_policy(document: str) -> None:
    issues = {each.issue for each in parliament.analyze_policy_string(document).findings}
    assert issues <= {"RESOURCE_STAR"}  # it is one by its nature


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_every_right_that_a_stack_gives_is_within(
    statements: list[Statement], stack: str, request: pytest.FixtureRequest
) -> None:
    """Else its pods would be refused, with nothing wrong in their own role."""
    program: Program = request.getfixturevalue(stack)
    policies = [json.loads(one.inputs["policy"]) for one in program.of_type(ROLE_POLICY)]
    actions = {each for one in policies for it in one["Statement"] for each in it["Action"]}
    assert actions
    assert [each for each in sorted(actions) if not allows(statements, each, "*")] == []


@pytest.mark.parametrize(
    "action",
    ["iam:PutRolePolicy", "iam:PassRole", "sts:AssumeRole", "organizations:LeaveOrganization"],
)
def test_no_pod_gives_rights_or_takes_on_another_role(
    statements: list[Statement], action: str
) -> None:
    assert not allows(statements, action, DEV.regionless_arn("iam", "role/admin"))


def test_no_pod_reads_the_state(statements: list[Statement]) -> None:
    assert allows(statements, "s3:GetObject", "arn:aws:s3:::models/digits/1/saved_model.pb")
    assert not allows(statements, "s3:GetObject", f"{BUCKET}/.pulumi/stacks/a/b.json")
    assert not allows(statements, "kms:Decrypt", str(SHARED.secrets_key_arn))
