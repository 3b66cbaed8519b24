"""All nodes: a group for CPU work and groups with GPUs, each once per zone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.autoscaler_tags import autoscaler_tags
from infra.aws.cluster_identity import ClusterIdentity
from infra.aws.launch_template import launch_template
from infra.aws.node_group import (
    NodeGroupSpec,
    autoscaling_group_name,
    cpu_spec,
    gpu_spec,
    node_group,
)
from infra.aws.node_role import NodeRole, NodeRoleArgs
from infra.settings.aws.nodes import CpuNodes, GpuNodes


@dataclass(frozen=True, kw_only=True)
class NodeGroupsArgs:
    """private_subnet_ids: by zone; nodes are nowhere else.

    needs: what nodes can't join without, such as the network's add-ons.
    """

    cluster: ClusterIdentity
    kubernetes_version: pulumi.Input[str]
    private_subnet_ids: Mapping[str, pulumi.Input[str]]
    volumes_key_arn: pulumi.Input[str]
    cpu: CpuNodes
    gpus: Sequence[GpuNodes]
    needs: Sequence[pulumi.Resource]


class NodeGroups(pulumi.ComponentResource):
    """Vertical scaling is another instance type, or another group beside the first."""

    TYPE = "serving:aws:NodeGroups"

    cpu: list[aws.eks.NodeGroup]
    gpu: list[aws.eks.NodeGroup]
    cpu_group_names: dict[str, pulumi.Output[str]]  # by zone
    gpu_group_names: list[pulumi.Output[str]]
    autoscaling_group_names: dict[str, pulumi.Output[str]]  # of the CPU groups, by zone
    role_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: NodeGroupsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)
        self._role = NodeRole(f"{name}-role", NodeRoleArgs(cluster=args.cluster), self._child)

        cpu = self._in_each_zone(cpu_spec(args.cpu))
        gpus = [self._in_each_zone(gpu_spec(nodes)) for nodes in args.gpus]
        self.cpu = list(cpu.values())
        self.gpu = [group for by_zone in gpus for group in by_zone.values()]
        self.cpu_group_names = {zone: group.node_group_name for zone, group in cpu.items()}
        self.gpu_group_names = [group.node_group_name for group in self.gpu]
        self.autoscaling_group_names = {
            zone: autoscaling_group_name(group) for zone, group in cpu.items()
        }
        self.role_arn = self._role.arn
        self.register_outputs(
            {
                "cpu_group_names": self.cpu_group_names,
                "gpu_group_names": self.gpu_group_names,
                "autoscaling_group_names": self.autoscaling_group_names,
                "role_arn": self.role_arn,
            }
        )

    def _in_each_zone(self, spec: NodeGroupSpec) -> dict[str, aws.eks.NodeGroup]:
        args = self._args
        group_name = f"{args.cluster.prefix}-{spec.name}"
        template = launch_template(
            f"{self._name}-{spec.name}",
            name_prefix=f"{group_name}-",
            volume=spec.volume,
            volumes_key_arn=args.volumes_key_arn,
            tags={"Name": group_name},
            opts=self._child,
        )
        return {
            zone: self._in_zone(spec, template, zone, subnet_id)
            for zone, subnet_id in args.private_subnet_ids.items()
        }

    def _in_zone(
        self,
        spec: NodeGroupSpec,
        template: aws.ec2.LaunchTemplate,
        zone: str,
        subnet_id: pulumi.Input[str],
    ) -> aws.eks.NodeGroup:
        args = self._args
        needs = [*args.needs, *self._role.policies]
        group = node_group(
            f"{self._name}-{spec.name}-{zone}",
            spec,
            cluster=args.cluster,
            kubernetes_version=args.kubernetes_version,
            zone=zone,
            subnet_id=subnet_id,
            node_role_arn=self._role.arn,
            template=template,
            opts=pulumi.ResourceOptions.merge(
                self._child, pulumi.ResourceOptions(depends_on=needs)
            ),
        )
        autoscaler_tags(
            f"{self._name}-{spec.name}-{zone}",
            spec,
            cluster_name=args.cluster.prefix,
            zone=zone,
            autoscaling_group_name=autoscaling_group_name(group),
            opts=self._child,
        )
        return group
