"""Snapshots of the datasets volume by schedule, made by Amazon Data Lifecycle Manager."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.datasets_volume import SNAPSHOT_TAG
from infra.aws.iam_documents import Statement, policy_document, trust_document
from infra.aws.names import shortened
from infra.settings.aws.datasets_volume import DatasetsVolumeSettings
from infra.settings.aws.types import partition

START_TIME_UTC = "03:00"
ROLE_NAME_MAX_LENGTH = 64  # https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html


@dataclass(frozen=True, kw_only=True)
class SnapshotsArgs:
    """prefix: the value of the volume's snapshot tag, and the start of the names."""

    prefix: str
    region: str
    account_id: str
    settings: DatasetsVolumeSettings
    volume_id: pulumi.Input[str]


class Snapshots(pulumi.ComponentResource):
    """The newest `kept_snapshots`. They are not deleted with the policy or the volume.

    To restore: `aws ec2 create-volume --snapshot-id … --availability-zone …`, then import it in the
    place of the old one (`pulumi import`), see docs/eks.md.
    """

    TYPE = "serving:aws:Snapshots"

    policy_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: SnapshotsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)
        role = self._role()
        rights = self._rights(role)
        policy = aws.dlm.LifecyclePolicy(
            f"{name}-policy",
            # No punctuation: the API takes letters, digits, spaces, _ and - alone.
            description=f"{args.prefix} datasets - the newest {args.settings.kept_snapshots}",
            execution_role_arn=role.arn,
            state="ENABLED",
            policy_details=self._details(),
            opts=self._child.merge(pulumi.ResourceOptions(depends_on=[rights])),
        )
        self.policy_arn = policy.arn
        self.register_outputs({"policy_arn": self.policy_arn})

    def _details(self) -> aws.dlm.LifecyclePolicyPolicyDetailsArgs:
        create = aws.dlm.LifecyclePolicyPolicyDetailsScheduleCreateRuleArgs(
            interval=self._args.settings.snapshot_interval_hours,
            interval_unit="HOURS",
            times=START_TIME_UTC,
        )
        retain = aws.dlm.LifecyclePolicyPolicyDetailsScheduleRetainRuleArgs(
            count=self._args.settings.kept_snapshots
        )
        return aws.dlm.LifecyclePolicyPolicyDetailsArgs(
            policy_type="EBS_SNAPSHOT_MANAGEMENT",
            resource_types=["VOLUME"],
            target_tags={SNAPSHOT_TAG: self._args.prefix},
            schedules=[
                aws.dlm.LifecyclePolicyPolicyDetailsScheduleArgs(
                    name="datasets", create_rule=create, retain_rule=retain, copy_tags=True
                )
            ],
        )

    def _role(self) -> aws.iam.Role:
        """Trusted as https://docs.aws.amazon.com/ebs/latest/userguide/service-role.html says."""
        region, account_id = self._args.region, self._args.account_id
        policies = f"arn:{partition(region)}:dlm:{region}:{account_id}:policy/*"
        return aws.iam.Role(
            f"{self._name}-role",
            name=shortened(f"{self._args.prefix}-snapshots", ROLE_NAME_MAX_LENGTH),
            assume_role_policy=trust_document(
                "dlm.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": account_id},
                    "ArnLike": {"aws:SourceArn": policies},
                },
            ),
            opts=self._child,
        )

    def _rights(self, role: aws.iam.Role) -> pulumi.Resource:
        """Of the service's managed policy what one volume needs, without copies and sharing.

        https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSDataLifecycleManagerServiceRole.html
        """
        region, account_id = self._args.region, self._args.account_id
        ec2 = f"arn:{partition(region)}:ec2:{region}"
        snapshots = f"{ec2}::snapshot/*"
        volume = pulumi.Output.concat(f"{ec2}:{account_id}:volume/", self._args.volume_id)
        of_this_stack = {"StringEquals": {f"aws:ResourceTag/{SNAPSHOT_TAG}": self._args.prefix}}
        return aws.iam.RolePolicy(
            f"{self._name}-rights",
            role=role.name,
            policy=policy_document(
                [
                    Statement(
                        sid="CopyTheVolume",
                        actions=["ec2:CreateSnapshot"],
                        resources=[volume, snapshots],
                    ),
                    Statement(
                        sid="TagItsCopies", actions=["ec2:CreateTags"], resources=[snapshots]
                    ),
                    Statement(
                        sid="DeleteOldCopies",
                        actions=["ec2:DeleteSnapshot"],
                        resources=[snapshots],
                        conditions=of_this_stack,
                    ),
                    Statement(
                        sid="SeeWhatIsThere",
                        actions=[
                            "ec2:DescribeAvailabilityZones",
                            "ec2:DescribeInstances",
                            "ec2:DescribeSnapshots",
                            "ec2:DescribeVolumes",
                        ],
                        resources=["*"],
                        because="EC2 knows no smaller resource for these",
                    ),
                ]
            ),
            opts=self._child,
        )
