"""Pods can't take the rights of the node that they run on.

https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
"""

from collections.abc import Iterator

from policy.rules.rule import Inputs, Rule
from policy.rules.values import UNKNOWN, fields, is_one_of

_TYPES = ("aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance")


def check(resource_type: str, inputs: Inputs) -> Iterator[str]:
    if resource_type not in _TYPES:
        return
    if inputs.get("metadataOptions") is UNKNOWN:
        return
    options = fields(inputs.get("metadataOptions"))
    if not is_one_of(options.get("httpTokens"), "required"):
        yield "metadataOptions.httpTokens must be required (IMDSv2)"
    if not is_one_of(options.get("httpPutResponseHopLimit"), 1):
        yield "metadataOptions.httpPutResponseHopLimit must be 1, the node's own hop"


IMDSV2 = Rule(
    name="imdsv2",
    description="Instance metadata answers the node alone, and only with a session token.",
    check=check,
)
