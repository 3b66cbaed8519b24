"""What a stack has in its AWS account, whichever cluster it runs on: keys, images, a bucket."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.cost_tags import cost_tags, tagging
from infra.aws.images import Images, ImagesArgs
from infra.aws.keys import Keys, KeysArgs
from infra.aws.model_bucket import ModelBucket, ModelBucketArgs, bucket_name
from infra.aws.registry import Registry, RegistryArgs
from infra.aws.role_boundary import bounding
from infra.settings.aws.account import AwsSettings
from infra.settings.load import Settings


@dataclass(frozen=True, kw_only=True)
class Account:
    """prefix: what the names of all objects in AWS begin with."""

    settings: AwsSettings
    prefix: str
    tags: dict[str, str]
    provider: aws.Provider
    keys: Keys
    registry: Registry | None
    images: Images | None
    bucket: ModelBucket | None
    bucket_name: str  # that it has, or would have

    @property
    def opts(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(providers=[self.provider])


def open_account(settings: Settings) -> Account | None:
    """None for a stack without AWS."""
    if not settings.aws.region:
        return None
    project, stack = pulumi.get_project(), pulumi.get_stack()
    tags = cost_tags(project=project, stack=stack)
    # Before the first resource: a tag that was forgotten is a bill that nobody can tell apart.
    pulumi.runtime.register_resource_transform(tagging(tags))
    if settings.aws.permissions_boundary_arn:
        pulumi.runtime.register_resource_transform(bounding(settings.aws.permissions_boundary_arn))
    provider = aws.Provider(
        "aws",
        region=settings.aws.region,
        # Credentials of another account are refused, whoever's shell this is.
        allowed_account_ids=[settings.aws.account_id],
    )
    opts = pulumi.ResourceOptions(providers=[provider])
    prefix = settings.aws.eks_cluster.name or f"{project}-{stack}"
    keys = Keys(
        "keys",
        KeysArgs(
            prefix=prefix,
            region=settings.aws.region,
            account_id=settings.aws.account_id,
            protect_data=settings.aws.protect_data,
        ),
        opts,
    )
    registry = _registry(settings, prefix, keys, opts)
    return Account(
        settings=settings.aws,
        prefix=prefix,
        tags=tags,
        provider=provider,
        keys=keys,
        registry=registry,
        images=_images(settings, registry, opts) if registry else None,
        bucket=_bucket(settings.aws, f"{project}-{stack}", keys, opts),
        bucket_name=bucket_name(f"{project}-{stack}", settings.aws.account_id),
    )


def _registry(
    settings: Settings, prefix: str, keys: Keys, opts: pulumi.ResourceOptions
) -> Registry | None:
    if not settings.aws.registry.enabled:
        return None
    return Registry(
        "registry",
        RegistryArgs(
            prefix=prefix,
            settings=settings.aws.registry,
            models=[model.name for model in settings.model_server.models],
            key_arn=keys.storage_arn,
            protect_data=settings.aws.protect_data,
        ),
        opts,
    )


def _images(settings: Settings, registry: Registry, opts: pulumi.ResourceOptions) -> Images:
    models = settings.model_server.models
    return Images(
        "images",
        ImagesArgs(
            gateway=settings.gateway.image,
            model_server=settings.model_server.image,
            models={model.name: model.image for model in models},
            gateway_repository_url=registry.gateway_repository_url,
            model_server_repository_url=registry.model_server_repository_url,
            model_repository_url=registry.model_repository_url,
            has_gpus=any(model.gpus for model in models),
        ),
        opts,
    )


def _bucket(
    settings: AwsSettings, prefix: str, keys: Keys, opts: pulumi.ResourceOptions
) -> ModelBucket | None:
    if not settings.model_bucket.enabled:
        return None
    return ModelBucket(
        "model-bucket",
        ModelBucketArgs(
            prefix=prefix,
            account_id=settings.account_id,
            settings=settings.model_bucket,
            key_arn=keys.storage_arn,
            protect_data=settings.protect_data,
        ),
        opts,
    )
