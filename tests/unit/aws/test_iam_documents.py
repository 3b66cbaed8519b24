"""infra/aws/iam_documents.py: a document that allows more than it names can't be written."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from infra.aws.iam_documents import (
    Statement,
    federated_trust_document,
    policy_document,
    trust_document,
)
from tests.unit.harness import run_component

BUCKET = "arn:aws:s3:::models"


def written(document: Callable[[], pulumi.Output[str]]) -> Any:
    program = run_component(lambda: pulumi.export("document", document()))
    return json.loads(program.outputs["document"])


class TestStatement:
    """Mistakes that a review overlooks are errors."""

    @pytest.mark.parametrize("action", ["s3:*", "s3:Get*", "*", "s3:GetObjec?"])
    def test_actions_are_spelt_out(self, action: str) -> None:
        with pytest.raises(ValueError, match=r"Read: .* allows more than it names"):
            Statement(sid="Read", actions=[action], resources=[BUCKET])

    def test_every_resource_needs_a_reason(self) -> None:
        with pytest.raises(ValueError, match="Look: resource \\* needs conditions, or a reason"):
            Statement(sid="Look", actions=["ec2:DescribeTags"], resources=["*"])

    def test_a_reason_is_enough(self) -> None:
        Statement(sid="Look", actions=["ec2:DescribeTags"], resources=["*"], because="no other")

    @pytest.mark.parametrize(("actions", "resources"), [([], [BUCKET]), (["s3:GetObject"], [])])
    def test_none_is_empty(self, actions: list[str], resources: list[str]) -> None:
        """IAM refuses it only when the role is made."""
        with pytest.raises(ValueError, match="names no action or no resource"):
            Statement(sid="Read", actions=actions, resources=resources)

    def test_a_denial_may_be_wide(self) -> None:
        statement = Statement(sid="Never", effect="Deny", actions=["s3:Delete*"], resources=["*"])
        assert statement.as_document()["Effect"] == "Deny"

    def test_a_denial_of_nothing_is_a_mistake_too(self) -> None:
        with pytest.raises(ValueError, match="names no action or no resource"):
            Statement(sid="Never", effect="Deny", actions=["s3:Delete*"], resources=[])


def test_rights() -> None:
    statement = Statement(
        sid="List",
        actions=["s3:ListBucket"],
        resources=[BUCKET],
        conditions={"StringLike": {"s3:prefix": "digits/*"}},
    )
    assert written(lambda: policy_document([statement])) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "List",
                "Effect": "Allow",
                "Action": ["s3:ListBucket"],
                "Resource": [BUCKET],
                "Condition": {"StringLike": {"s3:prefix": "digits/*"}},
            }
        ],
    }


def test_what_is_known_later_goes_in() -> None:
    def document() -> pulumi.Output[str]:
        later = pulumi.Output.from_input(BUCKET)
        return policy_document([Statement(sid="A", actions=["s3:ListBucket"], resources=[later])])

    assert written(document)["Statement"][0]["Resource"] == [BUCKET]


def test_trust() -> None:
    (statement,) = written(lambda: trust_document("ec2.amazonaws.com", conditions=None))[
        "Statement"
    ]
    assert statement == {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": ["sts:AssumeRole"],
    }


class TestTrustInAProvider:
    PROVIDER = "arn:aws:iam::111122223333:oidc-provider/tokens.example"

    def test_by_its_tokens_under_conditions(self) -> None:
        conditions = {"StringEquals": {"tokens.example:aud": "sts.amazonaws.com"}}
        (statement,) = written(
            lambda: federated_trust_document(self.PROVIDER, conditions=conditions)
        )["Statement"]
        assert statement == {
            "Effect": "Allow",
            "Principal": {"Federated": self.PROVIDER},
            "Action": ["sts:AssumeRoleWithWebIdentity"],
            "Condition": conditions,
        }

    def test_not_in_everybody(self) -> None:
        with pytest.raises(ValueError, match="it vouches for everybody"):
            federated_trust_document(self.PROVIDER, conditions={})
