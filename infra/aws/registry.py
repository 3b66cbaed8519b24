"""Repositories of the stack's own images in Amazon ECR."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.iam_documents import VERSION
from infra.settings.aws.registry import RegistrySettings


@dataclass(frozen=True, kw_only=True)
class RegistryArgs:
    """prefix: in front of every repository's name. models: their names, whose images are kept."""

    prefix: str
    settings: RegistrySettings
    models: Sequence[str]
    key_arn: pulumi.Input[str]
    protect_data: bool


class Registry(pulumi.ComponentResource):
    """Three repositories: `<prefix>/gateway`, `/model-server` and, for all models, `/models`.

    A tag never changes what it names, so a pod that starts anew runs what it ran before.
    """

    TYPE = "serving:aws:Registry"

    gateway_repository_url: pulumi.Output[str]
    model_server_repository_url: pulumi.Output[str]
    model_repository_url: pulumi.Output[str]

    def __init__(
        self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._name = name
        self._args = args
        self.gateway_repository_url = self._repository("gateway", ["*"])
        self.model_server_repository_url = self._repository("model-server", ["*"])
        self.model_repository_url = self._repository(
            "models", [model_tag(model, "*") for model in args.models]
        )
        self.register_outputs(
            {
                "gateway_repository_url": self.gateway_repository_url,
                "model_server_repository_url": self.model_server_repository_url,
                "model_repository_url": self.model_repository_url,
            }
        )

    def _repository(self, role: str, kept_tags: Sequence[str]) -> pulumi.Output[str]:
        """Its URL. `kept_tags` are patterns; of each the newest images are kept."""
        repository = aws.ecr.Repository(
            f"{self._name}-{role}",
            name=f"{self._args.prefix.lower()}/{role}",
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(
                scan_on_push=True
            ),
            encryption_configurations=[
                aws.ecr.RepositoryEncryptionConfigurationArgs(
                    encryption_type="KMS", kms_key=self._args.key_arn
                )
            ],
            force_delete=not self._args.protect_data,
            opts=pulumi.ResourceOptions(parent=self, protect=self._args.protect_data),
        )
        aws.ecr.LifecyclePolicy(
            f"{self._name}-{role}-lifecycle",
            repository=repository.name,
            policy=lifecycle_policy(self._args.settings, kept_tags),
            opts=pulumi.ResourceOptions(parent=self),
        )
        if self._args.settings.pull_accounts:
            aws.ecr.RepositoryPolicy(
                f"{self._name}-{role}-readers",
                repository=repository.name,
                policy=readers_policy(self._args.settings.pull_accounts),
                opts=pulumi.ResourceOptions(parent=self),
            )
        return repository.repository_url


def model_tag(model: str, version: str) -> str:
    """A dot, which no model's name has: images of `digits` are not taken for `digits-small`'s."""
    return f"{model}.{version}"


def readers_policy(accounts: Sequence[str]) -> str:
    """Pulls by roles of other accounts, which their own policies have to allow too.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
    """
    statement = {
        "Sid": "PullFromOtherAccounts",
        "Effect": "Allow",
        "Principal": {"AWS": list(accounts)},
        "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    }
    return json.dumps({"Version": VERSION, "Statement": [statement]})


def lifecycle_policy(settings: RegistrySettings, kept_tags: Sequence[str]) -> str:
    """https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html

    The parts of an image with an index are untagged, and stay as long as the index does.
    """
    untagged = {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": settings.untagged_expiry_days,
    }
    tagged = [
        {
            "tagStatus": "tagged",
            "tagPatternList": [pattern],
            "countType": "imageCountMoreThan",
            "countNumber": settings.kept_images,
        }
        for pattern in kept_tags
    ]
    rules = [
        {"rulePriority": priority, "selection": selection, "action": {"type": "expire"}}
        for priority, selection in enumerate([untagged, *tagged], start=1)
    ]
    return json.dumps({"rules": rules})
