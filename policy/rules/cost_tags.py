"""What costs money says whose it is, so that the bill can be told apart."""

from collections.abc import Iterator

from policy.rules.rule import Inputs, Rule
from policy.rules.values import UNKNOWN, fields

TAGS = ("Project", "Stack", "ManagedBy")
# What AWS bills by itself, and takes tags for.
BILLED = frozenset(
    {
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "aws:ebs/volume:Volume",
        "aws:ec2/eip:Eip",
        "aws:ec2/launchTemplate:LaunchTemplate",
        "aws:ec2/natGateway:NatGateway",
        "aws:ec2/vpc:Vpc",
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "aws:ecr/repository:Repository",
        "aws:eks/cluster:Cluster",
        "aws:eks/nodeGroup:NodeGroup",
        "aws:kms/key:Key",
        "aws:lb/loadBalancer:LoadBalancer",
        "aws:s3/bucket:Bucket",
        "aws:sns/topic:Topic",
    }
)


def check(resource_type: str, inputs: Inputs) -> Iterator[str]:
    tags = inputs.get("tags")
    if resource_type not in BILLED or tags is UNKNOWN:
        return
    missing = [tag for tag in TAGS if tag not in fields(tags)]
    if missing:
        yield f"tags must have {', '.join(missing)}"


COST_TAGS = Rule(
    name="cost-tags",
    description="Whatever AWS bills carries the tags by which the bill is told apart.",
    check=check,
)
