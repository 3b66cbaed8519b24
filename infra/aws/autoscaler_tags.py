"""What the cluster autoscaler must know of a group while it has no node to look at.

Tags of the Auto Scaling group: those of a managed node group stay on that group alone
(https://github.com/kubernetes/autoscaler/issues/3780). What each means:
https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md
"""

import pulumi
import pulumi_aws as aws

from infra.aws.node_group import NodeGroupSpec
from infra.node_labels import GPU_TAINT_KEY, GPU_TAINT_VALUE, NO_SCHEDULE

PREFIX = "k8s.io/cluster-autoscaler"
ENABLED_TAG = f"{PREFIX}/enabled"
TEMPLATE = f"{PREFIX}/node-template"
# A pod with a volume asks for the zone by the driver's own label, which no empty group has.
ZONE_LABELS = ("topology.kubernetes.io/zone", "topology.ebs.csi.aws.com/zone")


def cluster_tag(cluster_name: str) -> str:
    return f"{PREFIX}/{cluster_name}"


def tags_of(spec: NodeGroupSpec, *, cluster_name: str, zone: str) -> dict[str, str]:
    """All of them, by key."""
    labels = {**spec.labels, **dict.fromkeys(ZONE_LABELS, zone)}
    taints = {GPU_TAINT_KEY: f"{GPU_TAINT_VALUE}:{NO_SCHEDULE}"} if spec.is_tainted else {}
    return {
        ENABLED_TAG: "true",
        cluster_tag(cluster_name): "owned",
        **{f"{TEMPLATE}/label/{key}": value for key, value in labels.items()},
        **{f"{TEMPLATE}/taint/{key}": value for key, value in taints.items()},
        **{f"{TEMPLATE}/resources/{key}": value for key, value in spec.resources.items()},
    }


def autoscaler_tags(
    resource_name: str,
    spec: NodeGroupSpec,
    *,
    cluster_name: str,
    zone: str,
    autoscaling_group_name: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> list[pulumi.Resource]:
    return [
        aws.autoscaling.Tag(
            f"{resource_name}-{key.removeprefix(f'{PREFIX}/').replace('/', '-')}",
            autoscaling_group_name=autoscaling_group_name,
            tag=aws.autoscaling.TagTagArgs(key=key, value=value, propagate_at_launch=False),
            opts=opts,
        )
        for key, value in tags_of(spec, cluster_name=cluster_name, zone=zone).items()
    ]
