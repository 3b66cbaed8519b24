"""The role by which EKS manages a cluster."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pulumi
import pulumi_aws as aws

_SERVICE = "eks.amazonaws.com"
_POLICY = "AmazonEKSClusterPolicy"


class ServiceRole(pulumi.ComponentResource):
    """The genuine component's `eks:index:ServiceRole`, with the policy attached."""

    role: aws.iam.Role
    attachment: aws.iam.RolePolicyAttachment

    def __init__(self, name: str, tags: pulumi.Input[Any], opts: pulumi.ResourceOptions) -> None:
        super().__init__("eks:index:ServiceRole", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        statement = {
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Effect": "Allow",
            "Principal": {"Service": [_SERVICE]},
        }
        self.role = aws.iam.Role(
            f"{name}-role",
            description="Allows EKS to manage clusters on your behalf.",
            assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
            tags=tags,
            opts=child,
        )
        arn = f"arn:aws:iam::aws:policy/{_POLICY}"
        suffix = hashlib.sha1(arn.encode(), usedforsecurity=False).hexdigest()[:8]
        self.attachment = aws.iam.RolePolicyAttachment(
            f"{name}-{suffix}", policy_arn=arn, role=self.role.name, opts=child
        )
        self.register_outputs({"directRole": self.role})
