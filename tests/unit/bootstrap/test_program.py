"""bootstrap/ as a whole: what every resource of it keeps."""

from typing import Any

import pytest
import yaml

from infra.settings.types import PROJECT_FOLDER
from tests.unit.bootstrap.shared import PROJECT, bootstrap
from tests.unit.harness import Program
from tests.unit.recorded import broken_rules

FOLDER = PROJECT_FOLDER / "bootstrap"
# What can't be made again: state, and what decrypts it.
PROTECTED = {
    "aws:s3/bucket:Bucket",
    "aws:kms/key:Key",
    "aws:kms/alias:Alias",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
}


@pytest.fixture(scope="module")
def program() -> Program:
    return bootstrap()


def test_the_policy_pack_finds_nothing(program: Program) -> None:
    assert broken_rules(program) == []


def test_components_are_of_one_family(program: Program) -> None:
    assert program.components
    assert {one.type.rpartition(":")[0] for one in program.components} == {"serving:bootstrap"}


def test_every_component_says_what_it_made(program: Program) -> None:
    for one in program.components:
        assert program.component_outputs[one.urn], one


def test_all_are_in_the_named_account_and_region(program: Program) -> None:
    provider = program.one("pulumi:providers:aws")
    assert provider.inputs["region"] == "eu-west-1"
    for one in program.resources:
        if one.type.startswith("aws:"):
            assert provider.urn in one.provider, one


@pytest.mark.parametrize("protect", [True, False])
def test_what_cannot_be_made_again_is_protected(protect: bool) -> None:
    made = bootstrap(protect=protect)
    found = {one.type for one in made.resources if one.options.protect}
    assert found == (PROTECTED if protect else set())


def test_a_region_of_another_partition() -> None:
    made = bootstrap("us-gov-west-1")
    text = str([one.inputs for one in made.resources if one.type.startswith("aws:iam/policy")])
    assert "arn:aws-us-gov:" in text
    assert "arn:aws:s3" not in text


class TestFiles:
    """Pulumi.yaml and the stack files, as infra's are."""

    @pytest.fixture
    def declared(self) -> dict[str, Any]:
        project = yaml.safe_load((FOLDER / "Pulumi.yaml").read_text())
        assert project["name"] == PROJECT
        found: dict[str, Any] = project["config"]
        return found

    @pytest.mark.parametrize("file", sorted(FOLDER.glob("Pulumi.*.yaml")), ids=lambda it: it.name)
    def test_a_stack_that_is_committed_can_be_previewed(
        self, file: Any, declared: dict[str, Any]
    ) -> None:
        config = yaml.safe_load(file.read_text())["config"]
        region = config.pop("aws:region")
        own = {key.removeprefix(f"{PROJECT}:"): value for key, value in config.items()}
        assert own.keys() <= declared.keys()
        defaults = {key: each["default"] for key, each in declared.items()}
        assert bootstrap(region, **(defaults | own)).outputs["deploy_role_arns"]
