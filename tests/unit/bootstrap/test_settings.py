"""bootstrap/settings.py: what is wrong is named, with key, value and what is allowed, at once."""

from typing import Any

import pytest
import yaml

from bootstrap.settings import KNOWN_KEYS
from infra.settings.errors import SettingsError
from infra.settings.types import PROJECT_FOLDER
from tests.unit.bootstrap.shared import PROJECT, bootstrap

DEV = {"name": "dev", "environment": "dev"}
OTHER = {"name": "other", "environment": "other"}
# what is wrong → the change, the key that is named, the words that are used
WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "an account in words": ({"accountId": "ours"}, "accountId", '= "ours": must be the account'),
    "no account": ({"accountId": ""}, "accountId", "is not set: must be the account's 12 digits"),
    "a repository by its URL": (
        {"repository": "https://github.com/example/image-serving"},
        "repository",
        "must be a GitHub repository, owner/name or owner@<id>/name@<id>",
    ),
    # It would trust every repository of the owner.
    "a pattern of repositories": ({"repository": "example/*"}, "repository", "must be a GitHub"),
    "one of two numbers": ({"repository": "example@1/image-serving"}, "repository", "must be"),
    "a branch by its ref": ({"mainBranch": "*"}, "mainBranch", "without refs/heads/"),
    "a prefix that no bucket may have": ({"namePrefix": "Team"}, "namePrefix", "2 to 20 of a-z"),
    "no stacks": ({"stacks": []}, "stacks", "must name the stacks that CI deploys"),
    "a stack for every environment": (
        {"stacks": [{"name": "dev", "environment": "*"}]},
        "stacks[0].environment",
        '= "*": must be a GitHub environment\'s name',
    ),
    "a stack with a path": (
        {"stacks": [{"name": "../prod", "environment": "dev"}]},
        "stacks[0].name",
        "1 to 31 of a-z",
    ),
    "a misspelt part of a stack": (
        {"stacks": [DEV | {"enviroment": "dev"}]},
        "stacks[0].enviroment",
        "is not a setting",
    ),
    "names that begin alike": (
        {"stacks": [DEV, {"name": "dev-two", "environment": "two"}]},
        "stacks",
        "what begins with image-serving-dev- is of image-serving/dev",
    ),
    "the same cluster twice": (
        {"stacks": [DEV, OTHER | {"clusterName": "image-serving-dev"}]},
        "stacks",
        "names that can be told apart",
    ),
    "a name too long for a load balancer": (
        {"stacks": [DEV | {"clusterName": "c" * 24}]},
        "stacks",
        "at most 23 characters",
    ),
    "the name of the key that all stacks share": (
        {"stacks": [DEV | {"name": "stack"}]},
        "stacks",
        "alias/image-serving-stack-secrets is all stacks' key",
    ),
    "one environment for two": (
        {"stacks": [DEV, OTHER | {"environment": "dev"}]},
        "stacks",
        "whoever may deploy one of two would deploy the other: dev is named twice",
    ),
    "a preview from where one deploys": (
        {"stacks": [DEV], "previewEnvironments": ["dev"]},
        "previewEnvironments",
        "must be others than those that deploy",
    ),
    "another provider's ARN": (
        {"existingOidcProviderArn": "arn:aws:iam::111122223333:oidc-provider/tokens.example"},
        "existingOidcProviderArn",
        "oidc-provider/token.actions.githubusercontent.com, or empty",
    ),
    "old states that go at once": ({"oldStateDays": 1}, "oldStateDays", "greater than or equal"),
    "an unknown key": ({"repositry": "a/b"}, "repositry", "did you mean repository?"),
}


def problems(region: str | None = "eu-west-1", **changes: Any) -> dict[str, str]:
    with pytest.raises(SettingsError) as error:
        bootstrap(region, **changes)
    return {problem.key: problem.message for problem in error.value.problems}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_named(case: str) -> None:
    changes, key, expected = WRONG[case]
    assert expected in problems(**changes)[f"{PROJECT}:{key}"]


def test_the_region_bears_the_name_of_the_plugins_setting() -> None:
    assert problems(region=None) == {"aws:region": "is not set"}
    assert "a region such as eu-west-1" in problems(region="Ireland")["aws:region"]


def test_all_at_once_with_advice_that_fits_here() -> None:
    with pytest.raises(SettingsError) as error:
        bootstrap(accountId="", repository="", stacks=[], typo="x")
    assert len(error.value.problems) == 4
    assert "in bootstrap/" in str(error.value)
    assert "make up" not in str(error.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"repository": "Some-Org/repo_name.py"},
        {"repository": "octo-org@123456/octo-repo@456789"},
        {"mainBranch": "release/2026"},
        {"stacks": [DEV | {"clusterName": "vision", "region": "eu-north-1"}]},
        {"stacks": [DEV, {"name": "batch", "environment": "batch", "project": "consumer"}]},
    ],
)
def test_accepted(changes: dict[str, Any]) -> None:
    assert bootstrap(**changes).resources


def test_the_engine_and_the_program_know_the_same_keys() -> None:
    project = yaml.safe_load((PROJECT_FOLDER / "bootstrap" / "Pulumi.yaml").read_text())
    assert sorted(project["config"]) == sorted(KNOWN_KEYS)
