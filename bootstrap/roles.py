"""The roles of CI: one that previews every stack, one for each stack that deploys it alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from bootstrap.ci_role import CiRole, CiRoleArgs
from bootstrap.github import subjects
from bootstrap.rights import preview
from bootstrap.rights.deploy import deploy_policies
from bootstrap.rights.state import SharedState
from bootstrap.rights.target import Target
from bootstrap.settings import Settings, StackSettings
from infra.settings.aws.types import partition

# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use.html: an hour at least. A cluster
# with its first GPU node takes 25 minutes, and may take three times that on a bad day.
PREVIEW_SECONDS = 3600
DEPLOY_SECONDS = 7200


@dataclass(frozen=True, kw_only=True)
class CiRoles:
    """Their ARNs; `deploy` by the stack's <project>/<name>."""

    preview: pulumi.Output[str]
    deploy: dict[str, pulumi.Output[str]]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What the roles stand on. path: of all in IAM that the bootstrap makes."""

    settings: Settings
    shared: SharedState
    provider_arn: pulumi.Output[str]
    boundary_arn: pulumi.Output[str]
    path: str
    opts: pulumi.ResourceOptions

    def iam_arn(self, resource: str) -> str:
        settings = self.settings
        return f"arn:{partition(settings.region)}:iam::{settings.account_id}:{resource}"


def ci_roles(ground: Ground) -> CiRoles:
    return CiRoles(
        preview=_preview(ground),
        deploy={stack.id: _deploy(ground, stack) for stack in ground.settings.stacks},
    )


def _preview(ground: Ground) -> pulumi.Output[str]:
    settings = ground.settings
    budgets = f"arn:{partition(settings.region)}:budgets::{settings.account_id}"
    return CiRole(
        "preview",
        CiRoleArgs(
            role_name=f"{settings.name_prefix}-preview",
            path=ground.path,
            description="Previews of pull requests, and the nightly look for drift",
            provider_arn=ground.provider_arn,
            subjects=subjects(settings.repository, *_previewing(settings)),
            policies={
                "look": preview.looks(budgets),
                "state": preview.state(ground.shared, [stack.id for stack in settings.stacks]),
            },
            max_session_seconds=PREVIEW_SECONDS,
        ),
        ground.opts,
    ).arn


def _previewing(settings: Settings) -> list[str]:
    """A job in an environment is known by it alone; without any, by what started it."""
    if settings.preview_environments:
        return [f"environment:{name}" for name in settings.preview_environments]
    return ["pull_request", f"ref:refs/heads/{settings.main_branch}"]


def _deploy(ground: Ground, stack: StackSettings) -> pulumi.Output[str]:
    settings = ground.settings
    target = Target(
        project=stack.project,
        stack=stack.name,
        prefix=stack.prefix,
        region=stack.region or settings.region,
        account_id=settings.account_id,
        hosted_zone_id=stack.hosted_zone_id,
        boundary_arn=ground.boundary_arn,
    )
    name = f"{stack.project}-{stack.name}-deploy"
    return CiRole(
        name,
        CiRoleArgs(
            role_name=name,
            path=ground.path,
            description=f"Deploys {stack.id} from the environment {stack.environment}",
            provider_arn=ground.provider_arn,
            subjects=subjects(settings.repository, f"environment:{stack.environment}"),
            policies=deploy_policies(target, ground.shared, _own(ground)),
            max_session_seconds=DEPLOY_SECONDS,
        ),
        ground.opts,
    ).arn


def _own(ground: Ground) -> Sequence[str]:
    """What the bootstrap has in IAM, wherever it is in an account: by path, and the provider."""
    return [
        ground.iam_arn(f"role{ground.path}*"),
        ground.iam_arn(f"policy{ground.path}*"),
        ground.iam_arn("oidc-provider/*"),
    ]
