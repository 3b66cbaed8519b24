"""bootstrap/boundary.py: one policy, which stacks name and nobody is given."""

from tests.unit.bootstrap.shared import BOUNDARY, POLICY, bootstrap


def test_stacks_find_it() -> None:
    assert bootstrap().outputs["permissions_boundary_arn"] == BOUNDARY


def test_it_is_attached_to_no_role() -> None:
    program = bootstrap()
    assert program.one(POLICY, "boundary").inputs["name"] == "image-serving-boundary"
    attachments = program.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert BOUNDARY not in [one.inputs["policyArn"] for one in attachments]
