"""What the roles that a stack makes may do at most, whoever writes their policies.

A boundary gives no right: a role may do what both it and its policies allow.
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from typing import Any

import pulumi

from bootstrap.rights.state import SharedState
from infra.aws.iam_documents import VERSION

# Of services, and not of actions: AWS adds to the policies that it keeps for nodes, add-ons and the
# control plane, and a node must not fail by that. None of them gives rights to anybody (IAM, STS,
# organizations), and none is the state's.
SERVICES = (
    "autoscaling",
    "cloudwatch",
    "dlm",
    "ec2",
    "ecr",
    "eks",
    "eks-auth",
    "elasticloadbalancing",
    "kms",
    "logs",
    "s3",
)


def boundary_document(shared: SharedState) -> pulumi.Output[str]:
    """As JSON."""
    statements: list[dict[str, Any]] = [
        {
            "Sid": "WhatNodesAndPodsNeed",
            "Effect": "Allow",
            "Action": [f"{service}:*" for service in SERVICES],
            "Resource": "*",
        },
        # Of the load balancers' service, as AmazonEKSClusterPolicy has it.
        {
            "Sid": "RolesOfServices",
            "Effect": "Allow",
            "Action": "iam:CreateServiceLinkedRole",
            "Resource": "*",
        },
        {
            "Sid": "NotTheState",
            "Effect": "Deny",
            "Action": ["kms:*", "s3:*"],
            "Resource": [
                shared.bucket_arn,
                f"{shared.bucket_arn}/*",
                shared.state_key_arn,
                shared.secrets_key_arn,
            ],
        },
    ]
    return pulumi.Output.json_dumps({"Version": VERSION, "Statement": statements})
