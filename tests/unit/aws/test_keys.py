"""infra/aws/keys.py: data of each kind is encrypted under a key of its own, which is not lost."""

import pytest

from tests.unit.aws.ground import PREFIX, keys
from tests.unit.harness import Program, Registration

KEY = "aws:kms/key:Key"
PURPOSES = ("secrets", "volumes", "logs", "storage")


@pytest.fixture(scope="module", params=PURPOSES)
def purpose(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def key(purpose: str, program: Program) -> Registration:
    return program.one(KEY, f"keys-{purpose}")


class TestEveryKey:
    def test_there_is_one_for_each_purpose(self) -> None:
        assert {one.name for one in keys().of_type(KEY)} == {f"keys-{one}" for one in PURPOSES}

    def test_it_is_rotated_each_year(self, purpose: str) -> None:
        inputs = key(purpose, keys()).inputs
        assert inputs["enableKeyRotation"] is True
        assert inputs["rotationPeriodInDays"] == 365

    def test_it_has_a_name_that_people_read(self, purpose: str) -> None:
        alias = keys().one("aws:kms/alias:Alias", f"keys-{purpose}-alias").inputs
        assert alias == {
            "name": f"alias/{PREFIX}-{purpose}",
            "targetKeyId": f"keys-{purpose}-id",
        }

    def test_others_get_its_arn(self, purpose: str) -> None:
        component = keys().one("serving:aws:Keys")
        outputs = keys().component_outputs[component.urn]
        assert outputs[f"{purpose}_arn"].endswith(f":key/keys-{purpose}")


class TestProtection:
    """What a key encrypts is lost with it."""

    def test_a_protected_one_is_not_deleted(self, purpose: str) -> None:
        protected = key(purpose, keys(protect_data=True))
        assert protected.options.protect
        assert protected.inputs["deletionWindowInDays"] == 30

    def test_another_goes_with_its_stack(self, purpose: str) -> None:
        unprotected = key(purpose, keys())
        assert not unprotected.options.protect
        assert unprotected.inputs["deletionWindowInDays"] == 7
