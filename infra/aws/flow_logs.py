"""Who talked to whom in the VPC."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.iam_documents import Statement, policy_document, trust_document
from infra.aws.names import shortened
from infra.aws.pod_role import MAX_ROLE_NAME_LENGTH
from infra.settings.aws.types import partition

FLOW_LOGS_SERVICE = "vpc-flow-logs.amazonaws.com"
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
        conditions = {
            "StringEquals": {"aws:SourceAccount": args.account_id},
            "ArnLike": {"aws:SourceArn": self._arn_of("ec2", "vpc-flow-log/*")},
        }
        return aws.iam.Role(
            f"{self._name}-role",
            name=shortened(f"{args.prefix}-flow-logs", MAX_ROLE_NAME_LENGTH),
            description="Writes the flow logs of the VPC",
            assume_role_policy=trust_document(FLOW_LOGS_SERVICE, conditions=conditions),
            opts=self._child,
        )

    def _may_write(self, role: aws.iam.Role, group: aws.cloudwatch.LogGroup) -> aws.iam.RolePolicy:
        write = Statement(
            sid="Write",
            actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            resources=[pulumi.Output.format("{0}:*", group.arn)],
        )
        look = Statement(
            sid="Look",
            actions=["logs:DescribeLogGroups"],
            resources=["*"],
            because="lists the groups of the account, and has no narrower resource",
        )
        return aws.iam.RolePolicy(
            f"{self._name}-role-policy",
            name="write",
            role=role.name,
            policy=policy_document([write, look]),
            opts=self._child,
        )

    def _arn_of(self, service: str, resource: str) -> str:
        region, account_id = self._args.region, self._args.account_id
        return f"arn:{partition(region)}:{service}:{region}:{account_id}:{resource}"
