"""Logs are kept as long as somebody decided, under a key of ours; CloudWatch's default is for ever.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html
"""

from collections.abc import Iterator

from policy.rules.rule import Inputs, Rule
from policy.rules.values import is_set


def check(resource_type: str, inputs: Inputs) -> Iterator[str]:
    if resource_type != "aws:cloudwatch/logGroup:LogGroup":
        return
    if not is_set(inputs.get("retentionInDays")):
        yield "retentionInDays must be set: without it logs are kept, and paid, for ever"
    if not is_set(inputs.get("kmsKeyId")):
        yield "kmsKeyId must name a key"


LOG_RETENTION = Rule(
    name="log-retention",
    description="Every log group says how long it keeps what, and under which key.",
    check=check,
)
