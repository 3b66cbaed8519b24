"""KMS keys: one per purpose, so that a right to one kind of data is no right to another."""

import json
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.aws.key_policies import logs_policy, owner_policy, volumes_policy

# https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html: 7 to 30. Within
# it a deleted key, and with it all that it encrypts, can be had back.
DELETION_WINDOW_DAYS = 7
PROTECTED_DELETION_WINDOW_DAYS = 30
ROTATION_DAYS = 365


@dataclass(frozen=True, kw_only=True)
class KeysArgs:
    """prefix: what the aliases begin with: alias/<prefix>-<purpose>."""

    prefix: str
    region: str
    account_id: str
    protect_data: bool


class Keys(pulumi.ComponentResource):
    """Four keys. What they decrypt is lost with them, so they are protected as data is."""

    TYPE = "serving:aws:Keys"

    secrets_arn: pulumi.Output[str]  # Secrets in etcd
    volumes_arn: pulumi.Output[str]  # EBS: nodes' disks, models' volumes, datasets, snapshots
    logs_arn: pulumi.Output[str]  # log groups, and the alarms' topic
    storage_arn: pulumi.Output[str]  # S3 and ECR

    def __init__(
        self, name: str, args: KeysArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._name = name
        self._args = args
        region, account_id = args.region, args.account_id

        # EKS and ECR use theirs by grants, which whoever makes the cluster or repository hands out.
        owner = owner_policy(region, account_id)
        self.secrets_arn = self._key("secrets", "Secrets of the cluster", owner)
        self.storage_arn = self._key("storage", "Buckets and image repositories", owner)
        self.volumes_arn = self._key(
            "volumes", "Disks of nodes, and volumes", volumes_policy(region, account_id)
        )
        self.logs_arn = self._key("logs", "Logs and alarms", logs_policy(region, account_id))
        self.register_outputs(
            {
                "secrets_arn": self.secrets_arn,
                "volumes_arn": self.volumes_arn,
                "logs_arn": self.logs_arn,
                "storage_arn": self.storage_arn,
            }
        )

    def _key(self, purpose: str, description: str, policy: dict[str, Any]) -> pulumi.Output[str]:
        args = self._args
        key = aws.kms.Key(
            f"{self._name}-{purpose}",
            description=f"{args.prefix}: {description}",
            policy=json.dumps(policy),
            enable_key_rotation=True,
            rotation_period_in_days=ROTATION_DAYS,
            deletion_window_in_days=(
                PROTECTED_DELETION_WINDOW_DAYS if args.protect_data else DELETION_WINDOW_DAYS
            ),
            tags={"Name": f"{args.prefix}-{purpose}"},
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect_data),
        )
        aws.kms.Alias(
            f"{self._name}-{purpose}-alias",
            name=f"alias/{args.prefix}-{purpose}",
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return key.arn
