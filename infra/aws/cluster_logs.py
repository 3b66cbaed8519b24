"""Where the control plane of a cluster writes to."""

import pulumi
import pulumi_aws as aws

# https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")


def control_plane_log_group(
    resource_name: str,
    *,
    cluster_name: str,
    retention_days: int,
    key_arn: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> aws.cloudwatch.LogGroup:
    """The group that EKS writes to. If there is none it makes one that keeps all for ever."""
    return aws.cloudwatch.LogGroup(
        resource_name,
        name=f"/aws/eks/{cluster_name}/cluster",
        retention_in_days=retention_days,
        kms_key_id=key_arn,
        opts=opts,
    )
