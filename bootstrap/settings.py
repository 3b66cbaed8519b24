"""The settings of the bootstrap: read once, validated whole, then frozen.

Nothing else in it reads `pulumi.Config`. Errors are those of infra/settings.
"""

import re
from typing import Annotated

import pulumi
from pulumi.runtime.config import CONFIG
from pydantic import Field, Json, TypeAdapter, ValidationError, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from bootstrap.state_layout import secrets_alias
from infra.settings.aws.eks_cluster import CLUSTER_NAME
from infra.settings.aws.types import AccountId, Region, RegionOrNone, form
from infra.settings.errors import Problem, SettingsError, problems_in, unknown_key
from infra.settings.shapes import STRICT

ADVICE = """\
Set a value with `pulumi config set --stack {stack} --path 'KEY' VALUE`, in bootstrap/.
What each means: docs/bootstrap.md"""
REGION_KEY = "aws:region"
# As GitHub's tokens name it. Since July 2026 new and renamed ones have the numbers of both in it:
# https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
REPOSITORY = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9-]{0,38}(?P<owner>@\d+)?/[A-Za-z0-9_.-]{1,100}(?(owner)@\d+)"
)
BRANCH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,99}")
# GitHub's are freer, but a token spells a colon otherwise.
ENVIRONMENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
PREFIX = re.compile(r"[a-z][a-z0-9-]{0,18}[a-z0-9]")
# A stack's and a project's names are parts of a key in the bucket, and of roles' names.
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,30}")
PROVIDER_ARN = re.compile(
    r"arn:aws(-cn|-us-gov)?:iam::\d{12}:oidc-provider/token\.actions\.githubusercontent\.com"
)
HOSTED_ZONE_ID = re.compile(r"Z[A-Z0-9]{4,31}")
# Of a load balancer's name there are 32 characters, of which `-internal` takes 9: what infra/aws
# makes of a longer name no longer begins with it, and so couldn't be told from others'.
PREFIX_MAX_LENGTH = 23

Environment = Annotated[str, form(ENVIRONMENT, "a GitHub environment's name, such as prod")]
Name = Annotated[str, form(NAME, "1 to 31 of a-z, 0-9, - and _, beginning with a letter or digit")]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class StackSettings:
    """A stack that CI deploys, and the GitHub environment whose jobs may do it.

    cluster_name, region: as eksCluster.name and awsRegion of the stack have them; empty is
    <project>-<name>, and the bootstrap's region. hosted_zone_id: whose records it may change.
    """

    name: Name
    environment: Environment
    project: Name = "image-serving"
    cluster_name: Annotated[
        str, form(re.compile(CLUSTER_NAME), "the name of an EKS cluster", or_empty=True)
    ] = ""
    region: RegionOrNone = ""
    hosted_zone_id: Annotated[
        str, form(HOSTED_ZONE_ID, "the id of a hosted zone of Route 53", or_empty=True)
    ] = ""

    @property
    def id(self) -> str:
        """As Pulumi names it in paths and tags."""
        return f"{self.project}/{self.name}"

    @property
    def prefix(self) -> str:
        """What the names of all that it has in AWS begin with."""
        return self.cluster_name or f"{self.project}-{self.name}"


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Settings:
    """All of it. region: where bucket and keys are."""

    region: Region = Field(alias="aws:region")  # REGION_KEY
    account_id: AccountId
    # In the letters that GitHub writes: AWS compares them one by one.
    repository: Annotated[
        str, form(REPOSITORY, "a GitHub repository, owner/name or owner@<id>/name@<id>")
    ]
    main_branch: Annotated[str, form(BRANCH, "the name of a branch, without refs/heads/")]
    name_prefix: Annotated[
        str,
        form(PREFIX, "2 to 20 of a-z, 0-9 and -, beginning with a letter and not ending with -"),
    ]
    stacks: Json[tuple[StackSettings, ...]]
    preview_environments: Json[tuple[Environment, ...]]
    existing_oidc_provider_arn: Annotated[
        str,
        form(
            PROVIDER_ARN,
            "arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com",
            or_empty=True,
        ),
    ]
    old_state_days: Annotated[int, Field(ge=7, le=3650)]
    protect: bool

    @field_validator("stacks")
    @classmethod
    def _told_apart(cls, stacks: tuple[StackSettings, ...]) -> tuple[StackSettings, ...]:
        """By the beginning of names, which is what the rights of a role are tied to."""
        if not stacks:
            raise ValueError("must name the stacks that CI deploys, each with its environment")
        for one in stacks:
            if len(one.prefix) > PREFIX_MAX_LENGTH:
                raise ValueError(
                    f"must have cluster names of at most {PREFIX_MAX_LENGTH} characters, and "
                    f"{one.prefix} has {len(one.prefix)}"
                )
            for other in stacks:
                if one is not other and f"{other.prefix}-".startswith(f"{one.prefix}-"):
                    raise ValueError(
                        f"must have names that can be told apart: what begins with {one.prefix}- "
                        f"is of {one.id}, and {other.id} has {other.prefix}"
                    )
        return stacks

    @field_validator("stacks")
    @classmethod
    def _not_the_shared_keys_name(
        cls, stacks: tuple[StackSettings, ...], info: ValidationInfo
    ) -> tuple[StackSettings, ...]:
        """A stack names a key alias/<cluster>-secrets."""
        shared = secrets_alias(info.data.get("name_prefix", ""))
        for one in stacks:
            if f"alias/{one.prefix}-secrets" == shared:
                raise ValueError(
                    f"must not name a cluster {one.prefix}: {shared} is all stacks' key"
                )
        return stacks

    @field_validator("stacks")
    @classmethod
    def _an_environment_each(cls, stacks: tuple[StackSettings, ...]) -> tuple[StackSettings, ...]:
        environments = [one.environment for one in stacks]
        if twice := sorted({name for name in environments if environments.count(name) > 1}):
            raise ValueError(
                "must have an environment each, since whoever may deploy one of two would deploy "
                f"the other: {', '.join(twice)} is named twice"
            )
        return stacks

    @field_validator("preview_environments")
    @classmethod
    def _none_that_deploys(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        deploying = {stack.environment for stack in info.data.get("stacks", ())}
        if both := sorted(deploying & set(names)):
            raise ValueError(f"must be others than those that deploy, as {', '.join(both)} does")
        return names


KNOWN_KEYS = [key for key in TypeAdapter(Settings).json_schema()["properties"] if key != REGION_KEY]


def load_settings() -> Settings:
    """The stack's settings. Raises SettingsError with all that is wrong, and touches nothing."""
    project = pulumi.get_project()
    values = {
        key.removeprefix(f"{project}:"): value
        for key, value in CONFIG.get().items()
        if key.startswith(f"{project}:") or key == REGION_KEY
    }
    problems = [
        unknown_key(project, key, KNOWN_KEYS)
        for key in values
        if key not in (*KNOWN_KEYS, REGION_KEY)
    ]
    own = {key: value for key, value in values.items() if key in (*KNOWN_KEYS, REGION_KEY)}
    try:
        settings = TypeAdapter(Settings).validate_python(own)
    except ValidationError as error:
        problems += [_named(each) for each in problems_in(error, project=project, secret_keys=())]
        raise SettingsError(pulumi.get_stack(), problems, ADVICE) from error
    if problems:
        raise SettingsError(pulumi.get_stack(), problems, ADVICE)
    return settings


def _named(problem: Problem) -> Problem:
    """The region is the AWS plugin's setting, and bears its name."""
    if problem.key.partition(":")[2].lower() != REGION_KEY:
        return problem
    return Problem(key=REGION_KEY, message=problem.message)
