"""ARNs look as AWS makes them, also where a part of them is an input of its own."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.aws.identity import ACCOUNT, identify

PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"


@pytest.mark.parametrize(
    ("token", "inputs", "arn"),
    [
        ("aws:iam/role:Role", {"name": "a"}, "role/a"),
        ("aws:iam/role:Role", {"name": "a", "path": "/ci/"}, "role/ci/a"),
        ("aws:iam/policy:Policy", {"name": "a", "path": "/ci/"}, "policy/ci/a"),
        (PROVIDER, {"url": "https://tokens.example"}, "oidc-provider/tokens.example"),
    ],
)
def test_of_iam(token: str, inputs: dict[str, Any], arn: str) -> None:
    found = identify(token, "urn", inputs, "eu-west-1")
    assert found.arn == f"arn:aws:iam::{ACCOUNT}:{arn}"


@pytest.mark.parametrize("token", [PROVIDER, "aws:iam/policy:Policy"])
def test_some_are_known_by_it(token: str) -> None:
    found = identify(token, "urn", {"name": "a", "url": "https://a.example"}, "eu-west-1")
    assert found.id == found.arn
