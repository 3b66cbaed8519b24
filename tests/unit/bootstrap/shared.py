"""The bootstrap's program against mocks, and questions about the rights that it gives."""

import json
import runpy
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import parliament

from bootstrap.rights.state import SharedState
from bootstrap.rights.target import Target
from infra.settings.types import PROJECT_FOLDER
from tests.unit.cloud import ACCOUNT_ID, REGION
from tests.unit.harness import Program, run_component

PROJECT = "image-serving-bootstrap"
STACK = "account"
POLICY = "aws:iam/policy:Policy"
ROLE = "aws:iam/role:Role"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key"
BUCKET = f"arn:aws:s3:::image-serving-state-{ACCOUNT_ID}"
BOUNDARY = f"arn:aws:iam::{ACCOUNT_ID}:policy/image-serving-ci/image-serving-boundary"
SHARED = SharedState(
    region=REGION,
    bucket_arn=BUCKET,
    state_key_arn=f"{KEY}/state",
    secrets_key_arn=f"{KEY}/stack-secrets",
)
DEV = Target(
    project="image-serving",
    stack="dev",
    prefix="image-serving-dev",
    region=REGION,
    account_id=ACCOUNT_ID,
    hosted_zone_id="Z0123456789EXAMPLE",
    boundary_arn=BOUNDARY,
)
# As Pulumi.yaml has them, with what a user has to add.
DEFAULTS: dict[str, Any] = {
    "accountId": ACCOUNT_ID,
    "repository": "example/image-serving",
    "mainBranch": "main",
    "namePrefix": "image-serving",
    "stacks": [
        {"name": "dev", "environment": "dev"},
        {"name": "prod", "environment": "prod", "hostedZoneId": "Z0123456789EXAMPLE"},
    ],
    "previewEnvironments": [],
    "existingOidcProviderArn": "",
    "oldStateDays": 90,
    "protect": True,
}

Statement = dict[str, Any]


def bootstrap(region: str | None = REGION, **changes: Any) -> Program:
    """What `pulumi up` in bootstrap/ would register."""
    config = {
        f"{PROJECT}:{key}": value if isinstance(value, str) else json.dumps(value)
        for key, value in (DEFAULTS | changes).items()
    }
    if region is not None:
        config["aws:region"] = region
    return run_component(
        lambda: runpy.run_path(str(PROJECT_FOLDER / "bootstrap"), run_name="__main__"),
        project=PROJECT,
        stack=STACK,
        config=config,
    )


def policies_of(program: Program, role: str) -> dict[str, list[Statement]]:
    """Of the role of that name in the program, by purpose."""
    return {
        one.name.removeprefix(f"{role}-"): json.loads(one.inputs["policy"])["Statement"]
        for one in program.of_type(POLICY)
        if one.name.startswith(f"{role}-")
    }


def statements_of(program: Program, role: str) -> list[Statement]:
    return [each for policy in policies_of(program, role).values() for each in policy]


def allows(
    statements: list[Statement],
    action: str,
    resource: str,
    context: Mapping[str, str] | None = None,
) -> bool:
    """Whether IAM would allow it: something does, and nothing denies it.

    Of conditions, those that compare texts are weighed; what the context lacks doesn't fit, but
    for `Null`, which asks just that.
    """
    matching = [
        each
        for each in statements
        if _is_about(each, action, resource) and _fits(each, context or {})
    ]
    effects = {each["Effect"] for each in matching}
    return effects == {"Allow"}


def findings(policy: str) -> list[str]:
    """Of parliament: actions, conditions and forms of resources that AWS doesn't know."""
    return [
        f"{one.issue} {one.detail}" for one in parliament.analyze_policy_string(policy).findings
    ]


def _is_about(statement: Statement, action: str, resource: str) -> bool:
    return any(
        fnmatchcase(action.lower(), each.lower()) for each in _listed(statement["Action"])
    ) and any(fnmatchcase(resource, each) for each in _listed(statement["Resource"]))


def _fits(statement: Statement, context: Mapping[str, str]) -> bool:
    return all(
        _holds(operator, context.get(key), _listed(values))
        for operator, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    )


def _holds(operator: str, value: str | None, allowed: list[str]) -> bool:
    match operator:
        case "Null":
            return (value is None) == (allowed == ["true"])
        case "StringEquals":
            return value in allowed
    raise NotImplementedError(operator)


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def texts(statements: list[Statement]) -> Iterator[str]:
    for each in statements:
        yield from _listed(each["Action"])
