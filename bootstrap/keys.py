"""KMS keys of what is shared: one of the state's bucket, one of the secrets inside of the state."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from bootstrap.state_layout import secrets_alias
from infra.aws.key_policies import owner_policy
from infra.aws.keys import (
    DELETION_WINDOW_DAYS,
    PROTECTED_DELETION_WINDOW_DAYS,
    ROTATION_DAYS,
)


@dataclass(frozen=True, kw_only=True)
class SharedKeysArgs:
    """prefix: what the aliases begin with: alias/<prefix>-<purpose>."""

    prefix: str
    region: str
    account_id: str
    protect: bool


class SharedKeys(pulumi.ComponentResource):
    """Two, so that who may read a state need not be able to read the secrets in it."""

    TYPE = "serving:bootstrap:SharedKeys"

    state_arn: pulumi.Output[str]
    secrets_arn: pulumi.Output[str]
    secrets_alias: str

    def __init__(
        self, name: str, args: SharedKeysArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._name = name
        self._args = args
        self.state_arn = self._key(
            "state", "State of Pulumi's stacks", f"alias/{args.prefix}-state"
        )
        self.secrets_alias = secrets_alias(args.prefix)
        self.secrets_arn = self._key(
            "stack-secrets", "Secrets of Pulumi's stacks", self.secrets_alias
        )
        self.register_outputs({"state_arn": self.state_arn, "secrets_arn": self.secrets_arn})

    def _key(self, purpose: str, description: str, alias: str) -> pulumi.Output[str]:
        args = self._args
        opts = pulumi.ResourceOptions(parent=self, protect=args.protect)
        key = aws.kms.Key(
            f"{self._name}-{purpose}",
            description=f"{args.prefix}: {description}",
            policy=json.dumps(owner_policy(args.region, args.account_id)),
            enable_key_rotation=True,
            rotation_period_in_days=ROTATION_DAYS,
            deletion_window_in_days=(
                PROTECTED_DELETION_WINDOW_DAYS if args.protect else DELETION_WINDOW_DAYS
            ),
            tags={"Name": f"{args.prefix}-{purpose}"},
            opts=opts,
        )
        # Protected too: stacks know the key by it.
        aws.kms.Alias(
            f"{self._name}-{purpose}-alias",
            name=alias,
            target_key_id=key.key_id,
            opts=opts,
        )
        return key.arn
