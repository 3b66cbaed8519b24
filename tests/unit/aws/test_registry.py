"""infra/aws/registry.py: images that run can be pulled again, as they were."""

import fnmatch
import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from infra.aws.registry import Registry, RegistryArgs, lifecycle_policy, model_tag
from infra.settings.aws.registry import RegistrySettings
from tests.unit.harness import Program, run_component

REPOSITORY = "aws:ecr/repository:Repository"
READERS = "aws:ecr/repositoryPolicy:RepositoryPolicy"
LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/storage"
SETTINGS = TypeAdapter(RegistrySettings).validate_python(
    {"enabled": True, "untaggedExpiryDays": 3, "keptImages": 7}
)


def registry(*, protect_data: bool = True, settings: RegistrySettings = SETTINGS) -> Program:
    args = RegistryArgs(
        prefix="image-serving-prod",
        settings=settings,
        models=["digits", "digits-small"],
        key_arn=KEY,
        protect_data=protect_data,
    )
    return run_component(lambda: Registry("registry", args))


def rules(program: Program, role: str) -> list[dict[str, Any]]:
    policy = program.one(LIFECYCLE, f"registry-{role}-lifecycle").inputs["policy"]
    listed: list[dict[str, Any]] = json.loads(policy)["rules"]
    return listed


class TestRepositories:
    def test_each_kind_of_image_has_one(self) -> None:
        assert sorted(one.inputs["name"] for one in registry().of_type(REPOSITORY)) == [
            "image-serving-prod/gateway",
            "image-serving-prod/model-server",
            "image-serving-prod/models",
        ]

    def test_others_read_their_urls(self) -> None:
        outputs = registry().outputs_of("registry")
        host = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
        assert outputs == {
            "gateway_repository_url": f"{host}/image-serving-prod/gateway",
            "model_server_repository_url": f"{host}/image-serving-prod/model-server",
            "model_repository_url": f"{host}/image-serving-prod/models",
        }

    def test_a_tag_names_one_image_for_good(self) -> None:
        for repository in registry().of_type(REPOSITORY):
            assert repository.inputs["imageTagMutability"] == "IMMUTABLE", repository

    def test_images_are_scanned_and_encrypted_with_the_stack_s_key(self) -> None:
        for repository in registry().of_type(REPOSITORY):
            assert repository.inputs["imageScanningConfiguration"] == {"scanOnPush": True}
            assert repository.inputs["encryptionConfigurations"] == [
                {"encryptionType": "KMS", "kmsKey": KEY}
            ], repository


class TestReaders:
    def test_nobody_else_pulls_unless_a_setting_says_so(self) -> None:
        assert registry().of_type(READERS) == []

    def test_another_account_may_pull_and_no_more(self) -> None:
        settings = TypeAdapter(RegistrySettings).validate_python(
            {"enabled": True, "pullAccounts": ["444455556666"]}
        )
        policies = registry(settings=settings).of_type(READERS)
        assert len(policies) == 3
        for policy in policies:
            [statement] = json.loads(policy.inputs["policy"])["Statement"]
            assert statement["Principal"] == {"AWS": ["444455556666"]}
            assert statement["Action"] == ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]


@pytest.mark.parametrize("protect_data", [True, False])
def test_images_go_with_the_stack_only_where_data_is_not_protected(protect_data: bool) -> None:
    for repository in registry(protect_data=protect_data).of_type(REPOSITORY):
        assert repository.options.protect is protect_data, repository
        assert repository.inputs["forceDelete"] is not protect_data, repository


class TestLifecycle:
    """What no tag names goes after days; of what has tags, the newest stay."""

    @pytest.mark.parametrize("role", ["gateway", "model-server", "models"])
    def test_untagged_images(self, role: str) -> None:
        (rule,) = [
            one for one in rules(registry(), role) if one["selection"]["tagStatus"] == "untagged"
        ]
        assert rule["action"] == {"type": "expire"}
        assert rule["selection"]["countType"] == "sinceImagePushed"
        assert (rule["selection"]["countNumber"], rule["selection"]["countUnit"]) == (3, "days")

    def test_each_model_keeps_its_own(self) -> None:
        """A model that is published daily doesn't push out the image of one that rests."""
        tagged = [
            one["selection"] for one in rules(registry(), "models") if one["rulePriority"] > 1
        ]
        assert [(one["tagPatternList"], one["countNumber"]) for one in tagged] == [
            (["digits.*"], 7),
            (["digits-small.*"], 7),
        ]
        assert not fnmatch.fnmatch(model_tag("digits-small", "1234"), "digits.*")

    def test_priorities_are_unique_as_ecr_requires(self) -> None:
        policy = json.loads(lifecycle_policy(SETTINGS, ["a.*", "b.*"]))
        assert [rule["rulePriority"] for rule in policy["rules"]] == [1, 2, 3]
