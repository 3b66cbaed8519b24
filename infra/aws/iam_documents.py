"""Policy documents of IAM: who may do what, built from typed statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pulumi

VERSION = "2012-10-17"  # of the policy language, not of a document
# https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
POD_IDENTITY_SERVICE = "pods.eks.amazonaws.com"
Effect = Literal["Allow", "Deny"]

# By operator (`StringEquals`), then by key (`aws:SourceAccount`).
Conditions = Mapping[str, Mapping[str, pulumi.Input[str] | Sequence[pulumi.Input[str]]]]


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What is allowed, or denied whatever else allows it; where, and under which conditions.

    Actions are spelt out: a wildcard would also allow what AWS adds to the service later. Raises
    ValueError on one, and on a resource `*` that nothing narrows unless `because` says why. What is
    denied may be as wide as it likes.
    """

    sid: str
    actions: Sequence[str]
    resources: Sequence[pulumi.Input[str]]
    conditions: Conditions = field(default_factory=dict)
    # Why every resource: such as that the action knows no other. For the reader alone.
    because: str = ""
    effect: Effect = "Allow"

    def __post_init__(self) -> None:
        if not self.actions or not self.resources:
            raise ValueError(f"{self.sid}: names no action or no resource")
        if self.effect == "Allow":
            self._refuse_what_is_wide()

    def _refuse_what_is_wide(self) -> None:
        for action in self.actions:
            if "*" in action or "?" in action:
                raise ValueError(f"{self.sid}: {action} allows more than it names")
        anything = any(resource == "*" for resource in self.resources)
        if anything and not self.conditions and not self.because:
            raise ValueError(f"{self.sid}: resource * needs conditions, or a reason in `because`")

    def as_document(self) -> dict[str, Any]:
        document: dict[str, Any] = {
            "Sid": self.sid,
            "Effect": self.effect,
            "Action": list(self.actions),
            "Resource": list(self.resources),
        }
        return document | ({"Condition": self.conditions} if self.conditions else {})


def policy_document(statements: Sequence[Statement]) -> pulumi.Output[str]:
    """The rights of a role, as JSON."""
    return _json([statement.as_document() for statement in statements])


def trust_document(
    service: str, *, actions: Sequence[str] = ("sts:AssumeRole",), conditions: Conditions | None
) -> pulumi.Output[str]:
    """Who may take on a role, as JSON: a service of AWS, under these conditions."""
    return _trust({"Service": service}, actions, conditions)


def federated_trust_document(
    provider_arn: pulumi.Input[str], *, conditions: Conditions
) -> pulumi.Output[str]:
    """The same of somebody whom an OIDC provider vouches for; without conditions it were anybody.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
    """
    if not conditions:
        raise ValueError("a trust in an OIDC provider needs conditions: it vouches for everybody")
    return _trust({"Federated": provider_arn}, ["sts:AssumeRoleWithWebIdentity"], conditions)


def _trust(
    principal: Mapping[str, pulumi.Input[str]],
    actions: Sequence[str],
    conditions: Conditions | None,
) -> pulumi.Output[str]:
    document: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": list(actions),
    }
    return _json([document | ({"Condition": conditions} if conditions else {})])


def _json(statements: list[dict[str, Any]]) -> pulumi.Output[str]:
    return pulumi.Output.json_dumps({"Version": VERSION, "Statement": statements})
