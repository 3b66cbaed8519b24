"""bootstrap/roles.py: who may take on which role."""

import json
from typing import Any

import pytest

from tests.unit.bootstrap.shared import ROLE, bootstrap, policies_of
from tests.unit.harness import Program

REPO = "repo:example/image-serving"


@pytest.fixture(scope="module")
def program() -> Program:
    return bootstrap()


def trusted(program: Program, role: str) -> list[str]:
    """The subjects of the jobs that may take it on, and of no others."""
    (statement,) = json.loads(program.one(ROLE, role).inputs["assumeRolePolicy"])["Statement"]
    assert statement["Action"] == ["sts:AssumeRoleWithWebIdentity"]
    assert statement["Principal"] == {"Federated": program.outputs["oidc_provider_arn"]}
    found: list[str] = statement["Condition"]["StringEquals"][
        "token.actions.githubusercontent.com:sub"
    ]
    return found


def test_previews_are_of_pull_requests_and_the_main_branch(program: Program) -> None:
    assert trusted(program, "preview") == [f"{REPO}:pull_request", f"{REPO}:ref:refs/heads/main"]


def test_or_of_environments_that_are_for_it_alone() -> None:
    """Else a job without an environment would pass by what protects one."""
    made = bootstrap(previewEnvironments=["dev-preview", "prod-preview"])
    assert trusted(made, "preview") == [
        f"{REPO}:environment:dev-preview",
        f"{REPO}:environment:prod-preview",
    ]


def test_a_main_branch_of_another_name() -> None:
    assert f"{REPO}:ref:refs/heads/trunk" in trusted(bootstrap(mainBranch="trunk"), "preview")


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_a_stack_is_deployed_from_its_environment_alone(program: Program, stack: str) -> None:
    assert trusted(program, f"image-serving-{stack}-deploy") == [f"{REPO}:environment:{stack}"]


def test_a_repository_with_numbers() -> None:
    made = bootstrap(repository="octo@12/repo@34")
    assert trusted(made, "image-serving-dev-deploy") == ["repo:octo@12/repo@34:environment:dev"]


def test_outputs_name_them_by_stack(program: Program) -> None:
    assert program.outputs["deploy_role_arns"] == {
        f"image-serving/{stack}": (
            f"arn:aws:iam::111122223333:role/image-serving-ci/image-serving-{stack}-deploy"
        )
        for stack in ("dev", "prod")
    }


def test_a_stack_in_another_region_and_with_another_name() -> None:
    vision = {"name": "dev", "environment": "dev", "clusterName": "vision", "region": "eu-north-1"}
    policies: dict[str, Any] = policies_of(bootstrap(stacks=[vision]), "image-serving-dev-deploy")
    assert "arn:aws:eks:eu-north-1:111122223333:cluster/vision" in str(policies["cluster"])
    # The state stays where it is.
    assert "s3.eu-west-1.amazonaws.com" in str(policies["state"])
