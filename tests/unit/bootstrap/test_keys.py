"""bootstrap/keys.py: state and secrets have a key each, which rotate and are not lost."""

import pytest

from tests.unit.bootstrap.shared import bootstrap
from tests.unit.harness import Program

KEY = "aws:kms/key:Key"


@pytest.fixture(scope="module")
def program() -> Program:
    return bootstrap()


@pytest.mark.parametrize("purpose", ["state", "stack-secrets"])
class TestEach:
    def test_it_rotates(self, program: Program, purpose: str) -> None:
        inputs = program.one(KEY, f"keys-{purpose}").inputs
        assert (inputs["enableKeyRotation"], inputs["rotationPeriodInDays"]) == (True, 365)

    def test_it_can_be_had_back_for_a_month(self, program: Program, purpose: str) -> None:
        assert program.one(KEY, f"keys-{purpose}").inputs["deletionWindowInDays"] == 30

    def test_its_name_stays(self, program: Program, purpose: str) -> None:
        """Stack files name the key by its alias."""
        alias = program.one("aws:kms/alias:Alias", f"keys-{purpose}-alias")
        assert alias.inputs["name"] == f"alias/image-serving-{purpose}"
        assert alias.options.protect


def test_stacks_find_the_key_of_secrets(program: Program) -> None:
    assert program.outputs["secrets_provider"].startswith("awskms://alias/image-serving-stack-")


def test_another_name_than_that_of_a_stacks_own_keys(program: Program) -> None:
    """infra/aws/keys.py names its own alias/<cluster>-secrets."""
    aliases = [one.inputs["name"] for one in program.of_type("aws:kms/alias:Alias")]
    assert "alias/image-serving-secrets" not in aliases
