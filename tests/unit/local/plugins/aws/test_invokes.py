"""Functions that compute: the policy document is the one that Terraform's would be."""

from __future__ import annotations

import json

from local.plugins.aws.invokes import invoke


def test_a_policy_document() -> None:
    statement = {
        "sid": "Read",
        "actions": ["s3:GetObject", "s3:ListBucket"],
        "resources": ["arn:aws:s3:::models"],
        "principals": [{"type": "Service", "identifiers": ["pods.eks.amazonaws.com"]}],
        "conditions": [{"test": "Bool", "variable": "aws:SecureTransport", "values": ["true"]}],
    }
    found = invoke("aws:iam/getPolicyDocument:getPolicyDocument", {"statements": [statement]}, "x")
    assert json.loads(found["json"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Read",
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:ListBucket"],
                "Resource": "arn:aws:s3:::models",
                "Principal": {"Service": "pods.eks.amazonaws.com"},
                "Condition": {"Bool": {"aws:SecureTransport": "true"}},
            }
        ],
    }


def test_everybody_is_a_star() -> None:
    statement = {"principals": [{"type": "*", "identifiers": ["*"]}]}
    found = invoke("aws:iam/getPolicyDocument:getPolicyDocument", {"statements": [statement]}, "x")
    assert json.loads(found["json"])["Statement"] == [{"Effect": "Allow", "Principal": "*"}]
