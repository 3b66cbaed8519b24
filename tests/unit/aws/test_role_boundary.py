"""infra/aws/role_boundary.py: every role bears the boundary, also those that no file here makes."""

from typing import Any

import pulumi

from infra.aws.role_boundary import bounding

BOUNDARY = "arn:aws:iam::111122223333:policy/ci/boundary"


def transformed(type_: str, props: dict[str, Any]) -> Any:
    args = pulumi.ResourceTransformArgs(
        custom=True, type_=type_, name="role", props=props, opts=pulumi.ResourceOptions()
    )
    result = bounding(BOUNDARY)(args)
    return result and result.props


def test_a_role_bears_it() -> None:
    props = {"name": "image-serving-dev-nodes", "assumeRolePolicy": "{}"}
    assert transformed("aws:iam/role:Role", props) == {**props, "permissionsBoundary": BOUNDARY}


def test_nothing_else_is_changed() -> None:
    assert transformed("aws:iam/policy:Policy", {"name": "rights"}) is None
