"""Table of contents of what all stacks share."""

# ruff: noqa: E402 (imports wait until the path is right)

import sys
from pathlib import Path

# Pulumi runs this folder as a script, with the folder itself first in sys.path: there `bootstrap`
# and `infra` would not be found.
FOLDER = Path(__file__).resolve().parent
elsewhere = [path for path in sys.path if Path(path).resolve() != FOLDER]
sys.path[:] = dict.fromkeys([str(FOLDER.parent), *elsewhere])

import pulumi
import pulumi_aws as aws

from bootstrap.boundary import Boundary, BoundaryArgs
from bootstrap.github import GithubProvider, GithubProviderArgs
from bootstrap.keys import SharedKeys, SharedKeysArgs
from bootstrap.outputs import BootstrapOutputs, export
from bootstrap.rights.state import SharedState
from bootstrap.roles import Ground, ci_roles
from bootstrap.settings import load_settings
from bootstrap.state_bucket import StateBucket, StateBucketArgs, bucket_arn
from bootstrap.state_layout import backend_url, bucket_name, secrets_provider
from infra.aws.cost_tags import cost_tags, tagging

settings = load_settings()
prefix, region = settings.name_prefix, settings.region
project, stack = pulumi.get_project(), pulumi.get_stack()

pulumi.runtime.register_resource_transform(tagging(cost_tags(project=project, stack=stack)))
account = aws.Provider("aws", region=region, allowed_account_ids=[settings.account_id])
in_account = pulumi.ResourceOptions(providers=[account])

# State: a bucket and its key; a key for the secrets inside.
state_bucket = bucket_name(prefix, settings.account_id)
keys = SharedKeys(
    "keys",
    SharedKeysArgs(
        prefix=prefix, region=region, account_id=settings.account_id, protect=settings.protect
    ),
    in_account,
)
bucket = StateBucket(
    "state",
    StateBucketArgs(
        bucket_name=state_bucket,
        region=region,
        key_arn=keys.state_arn,
        old_state_days=settings.old_state_days,
        protect=settings.protect,
    ),
    in_account,
)
shared = SharedState(
    region=region,
    bucket_arn=bucket_arn(state_bucket, region),
    state_key_arn=keys.state_arn,
    secrets_key_arn=keys.secrets_arn,
)

# CI: who vouches for its jobs, and what they may do. Its path keeps stacks from changing it.
path = f"/{prefix}-ci/"
github = GithubProvider(
    "github",
    GithubProviderArgs(existing_arn=settings.existing_oidc_provider_arn, protect=settings.protect),
    in_account,
)
boundary = Boundary(
    "boundary",
    BoundaryArgs(policy_name=f"{prefix}-boundary", path=path, shared=shared),
    in_account,
)
roles = ci_roles(
    Ground(
        settings=settings,
        shared=shared,
        provider_arn=github.arn,
        boundary_arn=boundary.arn,
        path=path,
        opts=in_account,
    )
)

export(
    BootstrapOutputs(
        state_backend_url=bucket.name.apply(lambda name: backend_url(name, region)),
        secrets_provider=secrets_provider(keys.secrets_alias, region, f"{project}/{stack}"),
        secrets_providers={
            each.id: secrets_provider(keys.secrets_alias, region, each.id)
            for each in settings.stacks
        },
        preview_role_arn=roles.preview,
        deploy_role_arns=roles.deploy,
        permissions_boundary_arn=boundary.arn,
        state_bucket=bucket.name,
        state_key_arn=keys.state_arn,
        secrets_key_arn=keys.secrets_arn,
        oidc_provider_arn=github.arn,
    )
)
