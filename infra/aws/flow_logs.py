"""Who talked to whom in the VPC."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.settings.aws.types import partition

# https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-basics.html: 60 or 600; ten minutes
# make a fraction of the records, and records are what costs.
AGGREGATION_SECONDS = 600


@dataclass(frozen=True, kw_only=True)
class FlowLogsArgs:
    prefix: str
    region: str
    account_id: str
    vpc_id: pulumi.Input[str]
    retention_days: int
    key_arn: pulumi.Input[str]


class FlowLogs(pulumi.ComponentResource):
    """All accepted and refused connections, in a log group of their own.

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-cwl.html
    """

    TYPE = "serving:aws:FlowLogs"

    log_group_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)

        group = aws.cloudwatch.LogGroup(
            f"{name}-log-group",
            name=f"/aws/vpc/{args.prefix}/flow-logs",
            retention_in_days=args.retention_days,
            kms_key_id=args.key_arn,
            opts=self._child,
        )
        role = self._role()
        may_write = self._may_write(role, group)
        aws.ec2.FlowLog(
            f"{name}-flow-log",
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            log_destination=group.arn,
            log_destination_type="cloud-watch-logs",
            iam_role_arn=role.arn,
            max_aggregation_interval=AGGREGATION_SECONDS,
            tags={"Name": f"{args.prefix}-flow-logs"},
            # AWS tries the role's rights when the flow log is made.
            opts=self._child.merge(pulumi.ResourceOptions(depends_on=[may_write])),
        )
        self.log_group_name = group.name
        self.register_outputs({"log_group_name": self.log_group_name})

    def _role(self) -> aws.iam.Role:
        """The conditions keep other accounts from having the service write here in their stead."""
        args = self._args
        flow_logs = (
            f"arn:{partition(args.region)}:ec2:{args.region}:{args.account_id}:vpc-flow-log/*"
        )
        trust = {
            "Effect": "Allow",
            "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": args.account_id},
                "ArnLike": {"aws:SourceArn": flow_logs},
            },
        }
        return aws.iam.Role(
            f"{self._name}-role",
            name=f"{args.prefix}-flow-logs",
            description="Writes the flow logs of the VPC",
            assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
            opts=self._child,
        )

    def _may_write(self, role: aws.iam.Role, group: aws.cloudwatch.LogGroup) -> aws.iam.RolePolicy:
        args = self._args
        all_groups = (
            f"arn:{partition(args.region)}:logs:{args.region}:{args.account_id}:log-group:*"
        )
        write = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
        policy = pulumi.Output.json_dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": write,
                        "Resource": pulumi.Output.format("{0}:*", group.arn),
                    },
                    {
                        "Effect": "Allow",
                        "Action": ["logs:DescribeLogGroups"],
                        "Resource": all_groups,
                    },
                ],
            }
        )
        return aws.iam.RolePolicy(
            f"{self._name}-role-policy",
            name="write",
            role=role.name,
            policy=policy,
            opts=self._child,
        )
