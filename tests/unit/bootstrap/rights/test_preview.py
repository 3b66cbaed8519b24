"""bootstrap/rights/preview.py: all of the state and all of the stacks are seen; nothing changes."""

from collections.abc import Mapping

import pytest

from bootstrap.rights import preview
from bootstrap.rights.actions import changing, ending, looking
from tests.unit.bootstrap.rights.written import CONTEXT, unmeant, written
from tests.unit.bootstrap.shared import BUCKET, SHARED, allows
from tests.unit.harness import Program

BUDGETS = "arn:aws:budgets::111122223333"
STACKS = ["image-serving/dev", "image-serving/prod"]
STATEMENTS = [
    *written(lambda: preview.looks(BUDGETS)),
    *written(lambda: preview.state(SHARED, STACKS)),
]
CHANGES = {*changing(preview.TABLE), *ending(preview.TABLE)} - {*looking(preview.TABLE)}
# As AWS itself begins the names of what only looks.
LOOKING = ("Describe", "Get", "List", "View", "BatchGet")


def test_the_linter_finds_nothing() -> None:
    assert unmeant(lambda: preview.looks(BUDGETS)) == []
    assert unmeant(lambda: preview.state(SHARED, STACKS)) == []


def test_what_looks_is_named_so() -> None:
    wrong = [each for each in looking(preview.TABLE) if not each.split(":")[1].startswith(LOOKING)]
    assert wrong == []


def test_what_changes_is_not_named_so() -> None:
    """An action in the wrong column would be a right of previews."""
    looks = [each for each in CHANGES if each.split(":")[1].startswith(LOOKING)]
    assert looks == ["s3:ListBucketVersions"]  # to empty a bucket


@pytest.mark.parametrize("action", sorted(CHANGES))
def test_it_changes_nothing(action: str) -> None:
    contexts: tuple[Mapping[str, str], ...] = ({}, CONTEXT)
    for context in contexts:
        for resource in ("*", BUCKET, f"{BUCKET}/.pulumi/stacks/image-serving/dev.json"):
            assert not allows(STATEMENTS, action, resource, context)


def test_it_reads_every_state_with_its_secrets() -> None:
    state = f"{BUCKET}/.pulumi/stacks/image-serving/prod.json"
    assert allows(STATEMENTS, "s3:GetObject", state)
    for stack in STACKS:
        context = {"kms:EncryptionContext:stack": stack}
        assert allows(STATEMENTS, "kms:Decrypt", str(SHARED.secrets_key_arn), context)


def test_it_reads_no_models_and_no_logs() -> None:
    for action in ("s3:GetObject", "logs:GetLogEvents", "kms:Decrypt"):
        assert not allows(STATEMENTS, action, "arn:aws:s3:::image-serving-prod-models-1/a")


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_every_type_of_a_stack_is_known(stack: str, request: pytest.FixtureRequest) -> None:
    """A new one needs rights: bootstrap/rights/ says which."""
    program: Program = request.getfixturevalue(stack)
    types = {
        one.type for one in program.resources if one.type.startswith(("aws:", "docker-build:"))
    }
    assert types - preview.TABLE.keys() == set()
    # Those that pulumi-eks makes, which mocks don't see.
    assert "aws:eks/cluster:Cluster" in preview.TABLE
