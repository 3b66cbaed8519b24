"""One EKS add-on: a part of the cluster that AWS builds and that we choose the version of."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.aws.cluster_identity import ClusterIdentity
from infra.pins import ADD_ONS, AddOnName

# The add-ons that need AWS's APIs name the service account that they run as.
PodIdentities = Mapping[str, pulumi.Input[str]]  # role's ARN by service account


def add_on(
    resource_name: str,
    name: AddOnName,
    *,
    cluster: ClusterIdentity,
    kubernetes_version: str,
    configuration: Mapping[str, Any] | None = None,
    pod_identities: PodIdentities | None = None,
    opts: pulumi.ResourceOptions,
) -> aws.eks.Addon:
    """configuration: what differs from AWS's defaults; may hold outputs.

    The program's word counts against what others changed in the cluster, or EKS put there before.
    """
    return aws.eks.Addon(
        resource_name,
        cluster_name=cluster.name,
        addon_name=name,
        addon_version=ADD_ONS[kubernetes_version][name].value,
        configuration_values=pulumi.Output.json_dumps(configuration) if configuration else None,
        pod_identity_associations=[
            aws.eks.AddonPodIdentityAssociationArgs(service_account=account, role_arn=arn)
            for account, arn in pod_identities.items()
        ]
        if pod_identities
        else None,
        resolve_conflicts_on_create="OVERWRITE",
        resolve_conflicts_on_update="OVERWRITE",
        opts=opts,
    )
