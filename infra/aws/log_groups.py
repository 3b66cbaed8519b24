"""Where the cluster's logs go, before anything writes them.

A writer that finds no group makes one, without a key and kept for ever.
"""

from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch

APPLICATION = "application"
# What the add-on amazon-cloudwatch-observability writes to:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-reference.html
KINDS = (APPLICATION, "host", "dataplane", "performance")


@dataclass(frozen=True, kw_only=True)
class LogGroupsArgs:
    """key_arn: of the KMS key that encrypts what is written."""

    cluster_name: str
    retention_days: int
    key_arn: pulumi.Input[str]


class LogGroups(pulumi.ComponentResource):
    """The log groups of Container Insights. The add-on has to depend on them."""

    TYPE = "serving:aws:LogGroups"

    application_name: pulumi.Output[str]  # what the containers print

    def __init__(
        self, name: str, args: LogGroupsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        groups = {
            kind: cloudwatch.LogGroup(
                f"{name}-{kind}",
                name=f"/aws/containerinsights/{args.cluster_name}/{kind}",
                retention_in_days=args.retention_days,
                kms_key_id=args.key_arn,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for kind in KINDS
        }
        self.application_name = groups[APPLICATION].name
        self.register_outputs({"application_name": self.application_name})
