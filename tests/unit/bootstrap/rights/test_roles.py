"""bootstrap/rights/roles.py: who makes roles gets no right by it that the boundary doesn't have."""

import pytest

from bootstrap.rights.roles import roles
from tests.unit.bootstrap.rights.written import CONTEXT, unmeant, written
from tests.unit.bootstrap.shared import DEV, allows

STATEMENTS = written(lambda: roles(DEV))
NODES = DEV.regionless_arn("iam", "role/image-serving-dev-nodes")
GIVING = ("iam:CreateRole", "iam:AttachRolePolicy", "iam:PutRolePolicy")


def test_the_linter_finds_nothing() -> None:
    assert unmeant(lambda: roles(DEV)) == []


@pytest.mark.parametrize("action", GIVING)
class TestGiving:
    def test_only_within_the_boundary(self, action: str) -> None:
        without = {key: value for key, value in CONTEXT.items() if not key.startswith("iam:")}
        another = {
            **CONTEXT,
            "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess",
        }
        assert allows(STATEMENTS, action, NODES, CONTEXT)
        assert not allows(STATEMENTS, action, NODES, without)
        assert not allows(STATEMENTS, action, NODES, another)

    def test_only_to_its_own_roles(self, action: str) -> None:
        others = (
            "role/image-serving-prod-nodes",
            "role/image-serving-ci/image-serving-dev-deploy",
            "role/admin",
        )
        for other in others:
            assert not allows(STATEMENTS, action, DEV.regionless_arn("iam", other), CONTEXT)


def test_the_boundary_is_never_taken_off() -> None:
    assert not allows(STATEMENTS, "iam:DeleteRolePermissionsBoundary", NODES, CONTEXT)


def test_its_roles_are_for_services_that_run_the_stack() -> None:
    for service, own in (("eks.amazonaws.com", True), ("lambda.amazonaws.com", False)):
        context = {**CONTEXT, "iam:PassedToService": service}
        assert allows(STATEMENTS, "iam:PassRole", NODES, context) is own


def test_no_users_no_policies_of_their_own() -> None:
    actions = {action.split(":")[1] for one in STATEMENTS for action in one["Action"]}
    assert not [one for one in actions if "Role" not in one]
