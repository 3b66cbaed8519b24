"""Nodes and add-ons as these specifications make them, on the cluster of `ground`."""

import json
from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws
from pydantic import TypeAdapter

from infra.aws.cluster_add_ons import ClusterAddOns, ClusterAddOnsArgs
from infra.aws.cluster_identity import ClusterIdentity
from infra.aws.network_add_ons import NetworkAddOns, NetworkAddOnsArgs
from infra.aws.node_groups import NodeGroups, NodeGroupsArgs
from infra.aws.volume_teardown import volume_teardown
from infra.settings.aws.nodes import CpuNodes, GpuNodes
from tests.unit.aws.ground import PREFIX, SUBNETS
from tests.unit.cloud import ACCOUNT_ID, REGION
from tests.unit.harness import Program, run_component

ADD_ON = "aws:eks/addon:Addon"
AUTOSCALING_TAG = "aws:autoscaling/tag:Tag"
LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
POLICY_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"

VOLUMES_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/volumes"
KUBERNETES_VERSION = "1.35"
SERVICE_NAMESPACE = "image-serving"
CLUSTER = ClusterIdentity(
    prefix=PREFIX,
    name=PREFIX,
    arn=f"arn:aws:eks:{REGION}:{ACCOUNT_ID}:cluster/{PREFIX}",
    region=REGION,
    account_id=ACCOUNT_ID,
)
A10G = {"name": "a10g", "instanceTypes": ["g5.xlarge"], "accelerator": "nvidia-a10g"}


def cpu_nodes(**settings: Any) -> CpuNodes:
    """As a user writes them; what isn't said is the default."""
    return TypeAdapter(CpuNodes).validate_json(json.dumps(settings))


def gpu_nodes(**settings: Any) -> GpuNodes:
    return TypeAdapter(GpuNodes).validate_json(json.dumps(A10G | settings))


def node_groups(
    *,
    preview: bool = False,
    kubernetes_version: str = KUBERNETES_VERSION,
    cpu: CpuNodes | None = None,
    gpus: Sequence[GpuNodes] | None = None,
) -> Program:
    """The network's add-ons, and the nodes that need them."""

    def build() -> None:
        made = _nodes(
            _network(),
            kubernetes_version=kubernetes_version,
            cpu=cpu or cpu_nodes(),
            gpus=[gpu_nodes()] if gpus is None else gpus,
        )
        pulumi.export("autoscaling_group_names", made.autoscaling_group_names)

    return run_component(build, preview=preview)


def add_ons(*, preview: bool = False, has_observability: bool = True) -> Program:
    """All add-ons, with the nodes that some of them wait for and others come before."""

    def build() -> None:
        nodes = _nodes(
            _network(), kubernetes_version=KUBERNETES_VERSION, cpu=cpu_nodes(), gpus=[gpu_nodes()]
        )
        logs = aws.cloudwatch.LogGroup("logs", name="logs")
        connection = pulumi.Stash("connection", input="")
        ClusterAddOns(
            "add-ons",
            ClusterAddOnsArgs(
                cluster=CLUSTER,
                kubernetes_version=KUBERNETES_VERSION,
                service_namespace=SERVICE_NAMESPACE,
                volumes_key_arn=VOLUMES_KEY,
                volume_tags={"Project": "image-serving"},
                nodes=nodes.cpu,
                log_groups=logs if has_observability else None,
                ebs_csi_opts=volume_teardown(connection.output, connection=connection),
            ),
        )

    return run_component(build, preview=preview)


def _network() -> NetworkAddOns:
    args = NetworkAddOnsArgs(cluster=CLUSTER, kubernetes_version=KUBERNETES_VERSION)
    return NetworkAddOns("network-add-ons", args)


def _nodes(
    network: NetworkAddOns,
    *,
    kubernetes_version: str,
    cpu: CpuNodes,
    gpus: Sequence[GpuNodes],
) -> NodeGroups:
    return NodeGroups(
        "nodes",
        NodeGroupsArgs(
            cluster=CLUSTER,
            kubernetes_version=kubernetes_version,
            private_subnet_ids=SUBNETS.private_subnet_ids,
            volumes_key_arn=VOLUMES_KEY,
            cpu=cpu,
            gpus=gpus,
            needs=list(network.add_ons.values()),
        ),
    )
