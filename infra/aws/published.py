"""What other teams read of a stack's part in AWS; empty where it has none."""

from dataclasses import dataclass

import pulumi

from infra.aws.account import Account
from infra.aws.ground import EksGround


@dataclass(frozen=True, kw_only=True)
class AwsOutputs:
    """See infra/outputs.py."""

    model_bucket: pulumi.Input[str] = ""
    gateway_repository: pulumi.Input[str] = ""
    model_repository: pulumi.Input[str] = ""
    oidc_provider_arn: pulumi.Input[str] = ""
    gpu_node_group: pulumi.Input[str] = ""


def aws_outputs(account: Account | None, eks: EksGround | None) -> AwsOutputs:
    """gpu_node_group: the first; a stack may have several, and each of them once per zone."""
    registry = account.registry if account else None
    bucket = account.bucket if account else None
    gpu_groups = eks.nodes.gpu_group_names if eks else []
    return AwsOutputs(
        model_bucket=bucket.name if bucket else "",
        gateway_repository=registry.gateway_repository_url if registry else "",
        model_repository=registry.model_repository_url if registry else "",
        oidc_provider_arn=eks.cluster.oidc_provider_arn if eks else "",
        gpu_node_group=gpu_groups[0] if gpu_groups else "",
    )
