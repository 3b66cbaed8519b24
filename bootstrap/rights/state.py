"""State and secrets: who reads, who writes, and who never may, whatever else is given to them."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from bootstrap.state_layout import CONTEXT_KEY, written_by
from infra.aws.iam_documents import Conditions, Statement
from infra.settings.aws.types import dns_suffix


@dataclass(frozen=True, kw_only=True)
class SharedState:
    """bucket_arn: of the state, which state_key_arn encrypts. secrets_key_arn: of its secrets."""

    region: str
    bucket_arn: str
    state_key_arn: pulumi.Input[str]
    secrets_key_arn: pulumi.Input[str]

    @property
    def through_s3(self) -> Conditions:
        return {"StringEquals": {"kms:ViaService": f"s3.{self.region}.{dns_suffix(self.region)}"}}


def read_state(shared: SharedState) -> list[Statement]:
    """Of every stack: one may read another's outputs, and secrets in them stay encrypted.

    A preview asks for no more: it neither locks nor writes
    (https://github.com/pulumi/pulumi/blob/master/pkg/backend/diy/backend.go, `Preview`).
    """
    return [
        Statement(
            sid="ListState",
            # Without a condition, or S3 says of what isn't there that it is forbidden.
            actions=["s3:GetBucketLocation", "s3:ListBucket"],
            resources=[shared.bucket_arn],
        ),
        Statement(
            sid="ReadState",
            actions=["s3:GetObject"],
            resources=[f"{shared.bucket_arn}/.pulumi/*"],
        ),
        Statement(
            sid="DecryptState",
            actions=["kms:Decrypt"],
            resources=[shared.state_key_arn],
            conditions=shared.through_s3,
        ),
    ]


def write_state(shared: SharedState, stack_id: str) -> list[Statement]:
    """Of one stack, <project>/<stack>: its checkpoint, history and locks."""
    return [
        Statement(
            sid="WriteItsState",
            actions=["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"],
            resources=[f"{shared.bucket_arn}/{key}" for key in written_by(stack_id)],
        ),
        Statement(
            sid="EncryptState",
            actions=["kms:GenerateDataKey"],
            resources=[shared.state_key_arn],
            conditions=shared.through_s3,
        ),
    ]


def use_secrets(
    shared: SharedState, stack_ids: Sequence[str], *, may_encrypt: bool
) -> list[Statement]:
    """Of these stacks alone: another's don't decrypt, though the key is the same.

    Encrypting is for a new stack; afterwards its data key is decrypted, and does all else.
    """
    return [
        Statement(
            sid="UseSecrets",
            actions=["kms:Decrypt", *(["kms:Encrypt"] if may_encrypt else [])],
            resources=[shared.secrets_key_arn],
            conditions={"StringEquals": {f"kms:EncryptionContext:{CONTEXT_KEY}": list(stack_ids)}},
        )
    ]


def never_write_state(shared: SharedState) -> list[Statement]:
    """For who may only look, whatever is attached to the role later."""
    return [
        Statement(
            sid="NeverWriteState",
            effect="Deny",
            actions=["s3:Delete*", "s3:Put*", "s3:Replicate*", "s3:RestoreObject"],
            resources=[shared.bucket_arn, f"{shared.bucket_arn}/*"],
        ),
        Statement(
            sid="NeverEncrypt",
            effect="Deny",
            actions=["kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
            resources=[shared.state_key_arn, shared.secrets_key_arn],
        ),
    ]


def never_touch_what_is_shared(shared: SharedState, own: Sequence[str]) -> list[Statement]:
    """For who may change a stack, and not what all stacks stand on.

    own: ARNs of roles, policies and OIDC provider that the bootstrap made.
    """
    return [
        Statement(
            sid="NeverChangeTheBucket",
            effect="Deny",
            actions=[
                "s3:DeleteBucket*",
                "s3:DeleteObjectVersion*",
                "s3:PutBucket*",
                "s3:PutEncryptionConfiguration",
                "s3:PutLifecycleConfiguration",
            ],
            resources=[shared.bucket_arn, f"{shared.bucket_arn}/*"],
        ),
        Statement(
            sid="NeverChangeTheKeys",
            effect="Deny",
            actions=[
                "kms:CreateGrant",
                "kms:Delete*",
                "kms:Disable*",
                "kms:PutKeyPolicy",
                "kms:ScheduleKeyDeletion",
                "kms:TagResource",
                "kms:UntagResource",
                "kms:Update*",
            ],
            resources=[shared.state_key_arn, shared.secrets_key_arn],
        ),
        Statement(
            sid="NeverChangeWhoMayWhat",
            effect="Deny",
            actions=[
                "iam:Add*",
                "iam:Attach*",
                "iam:Create*",
                "iam:Delete*",
                "iam:Detach*",
                "iam:PassRole",
                "iam:Put*",
                "iam:Remove*",
                "iam:Set*",
                "iam:Tag*",
                "iam:Untag*",
                "iam:Update*",
            ],
            resources=list(own),
        ),
    ]
