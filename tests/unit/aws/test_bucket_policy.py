"""infra/aws/bucket_policy.py: clients without TLS are turned away, and nobody is let in."""

import json
from typing import Any

import pulumi
import pytest

from infra.aws.bucket_policy import denial, tls_only_policy
from tests.unit.harness import run_component

ARN = "arn:aws:s3:::a-bucket"


@pytest.fixture
def statements() -> list[dict[str, Any]]:
    program = run_component(lambda: pulumi.export("policy", tls_only_policy(ARN)))
    document = json.loads(program.outputs["policy"])
    assert document["Version"] == "2012-10-17"
    listed: list[dict[str, Any]] = document["Statement"]
    return listed


def test_it_only_denies(statements: list[dict[str, Any]]) -> None:
    assert {one["Effect"] for one in statements} == {"Deny"}


def test_it_holds_for_everybody_the_bucket_and_all_in_it(statements: list[dict[str, Any]]) -> None:
    for one in statements:
        assert (one["Principal"], one["Action"]) == ("*", "s3:*")
        assert one["Resource"] == [ARN, f"{ARN}/*"]


def test_plain_http_and_old_tls(statements: list[dict[str, Any]]) -> None:
    assert [one["Condition"] for one in statements] == [
        {"Bool": {"aws:SecureTransport": "false"}},
        {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
    ]


def test_others_are_added() -> None:
    def build() -> None:
        condition = {"Null": {"aws:PrincipalTag/team": "true"}}
        other = denial("Writes", ARN, condition, action="s3:Put*")
        pulumi.export("policy", tls_only_policy(ARN, [other]))

    program = run_component(build)
    *_, added = json.loads(program.outputs["policy"])["Statement"]
    assert (added["Sid"], added["Effect"], added["Action"]) == ("DenyWrites", "Deny", "s3:Put*")
    assert added["Condition"] == {"Null": {"aws:PrincipalTag/team": "true"}}
