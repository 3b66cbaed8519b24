"""A managed node group in one zone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws

from infra.aws.cluster_identity import ClusterIdentity
from infra.node_labels import (
    ACCELERATOR_LABEL,
    EKS_NO_SCHEDULE,
    GPU_PRESENT,
    GPU_PRESENT_LABEL,
    GPU_RESOURCE,
    GPU_TAINT_KEY,
    GPU_TAINT_VALUE,
    NODE_GROUP_LABEL,
)
from infra.settings.aws.nodes import CPU_GROUP, CpuNodes, GpuNodes, NodeVolume

# https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html
CPU_AMI_TYPE = "AL2023_x86_64_STANDARD"
# Brings driver and container toolkit; without it nodes join and offer no GPU.
GPU_AMI_TYPE = "AL2023_x86_64_NVIDIA"

# Of all of a group's nodes: an update starts new ones, drains the old (15 minutes each, at most)
# and waits for what a PodDisruptionBudget holds back.
TIMEOUTS = pulumi.CustomTimeouts(create="30m", update="90m", delete="45m")


@dataclass(frozen=True, kw_only=True)
class NodeGroupSpec:
    """What the nodes of a group are, in each of its zones."""

    name: str
    ami_type: str
    instance_types: Sequence[str]
    capacity_type: Literal["ON_DEMAND", "SPOT"]
    min_nodes: int
    max_nodes: int
    volume: NodeVolume
    labels: Mapping[str, str]
    is_tainted: bool  # pods without a GPU stay away
    # What a node offers beside CPU and memory, which nobody can see while there is no node.
    resources: Mapping[str, str]


def cpu_spec(nodes: CpuNodes) -> NodeGroupSpec:
    return NodeGroupSpec(
        name=CPU_GROUP,
        ami_type=CPU_AMI_TYPE,
        instance_types=nodes.instance_types,
        capacity_type=nodes.capacity_type,
        min_nodes=nodes.min_nodes,
        max_nodes=nodes.max_nodes,
        volume=nodes.volume,
        labels={NODE_GROUP_LABEL: CPU_GROUP},
        is_tainted=False,
        resources={},
    )


def gpu_spec(nodes: GpuNodes) -> NodeGroupSpec:
    """From zero: a node exists while a pod asks for its GPU."""
    return NodeGroupSpec(
        name=nodes.name,
        ami_type=GPU_AMI_TYPE,
        instance_types=nodes.instance_types,
        capacity_type=nodes.capacity_type,
        min_nodes=0,
        max_nodes=nodes.max_nodes,
        volume=nodes.volume,
        labels={
            NODE_GROUP_LABEL: nodes.name,
            GPU_PRESENT_LABEL: GPU_PRESENT,
            ACCELERATOR_LABEL: nodes.accelerator,
        },
        is_tainted=True,
        resources={
            GPU_RESOURCE: str(nodes.gpus_per_node * nodes.pods_per_gpu),
            "ephemeral-storage": f"{nodes.volume.size_gib}Gi",
        },
    )


def node_group(
    resource_name: str,
    spec: NodeGroupSpec,
    *,
    cluster: ClusterIdentity,
    kubernetes_version: pulumi.Input[str],
    zone: str,
    subnet_id: pulumi.Input[str],
    node_role_arn: pulumi.Input[str],
    template: aws.ec2.LaunchTemplate,
    opts: pulumi.ResourceOptions,
) -> aws.eks.NodeGroup:
    """One zone only: EBS volumes can't leave theirs, so a pod's node has to come in the right one.

    Name: a prefix, so that nodes of another type start before the old ones go.
    """
    taint = aws.eks.NodeGroupTaintArgs(
        key=GPU_TAINT_KEY, value=GPU_TAINT_VALUE, effect=EKS_NO_SCHEDULE
    )
    return aws.eks.NodeGroup(
        resource_name,
        cluster_name=cluster.name,
        node_group_name_prefix=f"{spec.name}-{zone}-",
        node_role_arn=node_role_arn,
        subnet_ids=[subnet_id],
        # With a template EKS takes no version from the cluster: upgrades would leave nodes behind.
        version=kubernetes_version,
        ami_type=spec.ami_type,
        instance_types=list(spec.instance_types),
        capacity_type=spec.capacity_type,
        launch_template=aws.eks.NodeGroupLaunchTemplateArgs(
            id=template.id, version=template.latest_version.apply(str)
        ),
        scaling_config=aws.eks.NodeGroupScalingConfigArgs(
            min_size=spec.min_nodes, max_size=spec.max_nodes, desired_size=spec.min_nodes
        ),
        update_config=aws.eks.NodeGroupUpdateConfigArgs(max_unavailable=1),
        node_repair_config=aws.eks.NodeGroupNodeRepairConfigArgs(enabled=True),
        labels=dict(spec.labels),
        taints=[taint] if spec.is_tainted else None,
        opts=pulumi.ResourceOptions.merge(
            opts,
            pulumi.ResourceOptions(
                # The autoscaler's from the first minute on.
                ignore_changes=["scalingConfig.desiredSize"],
                custom_timeouts=TIMEOUTS,
            ),
        ),
    )


def autoscaling_group_name(group: aws.eks.NodeGroup) -> pulumi.Output[str]:
    """EKS makes exactly one for each node group."""
    return group.resources[0].autoscaling_groups[0].name
