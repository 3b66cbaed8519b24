"""NVIDIA's device plugin: makes the GPUs of a node a resource that pods can ask for.

Typed objects and not its chart, so that previews and policies see each of them. Only for nodes
whose system brings the driver and no plugin of its own: AL2023 does, Bottlerocket brings both.
https://github.com/NVIDIA/k8s-device-plugin, deployments/static/nvidia-device-plugin.yml
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps.v1 import DaemonSet, DaemonSetSpecArgs, DaemonSetUpdateStrategyArgs
from pulumi_kubernetes.core.v1 import ConfigMap, PodTemplateSpecArgs, ServiceAccount

from infra.labels import Workload
from infra.node_labels import GPU_PRESENT, GPU_PRESENT_LABEL, NODE_GROUP_LABEL
from infra.platform.device_plugin_config import CONFIG_FILE, plugin_config
from infra.platform.device_plugin_pod import plugin_pod
from infra.platform.namespace import GuardedNamespace, GuardedNamespaceArgs
from infra.settings.aws.nodes import GpuNodes
from infra.workloads.network_policy import network_policy

NAMESPACE = "nvidia-device-plugin"
# Of the one plugin in a cluster whose groups of nodes aren't known.
ALL_GPU_NODES = "all-gpu-nodes"


@dataclass(frozen=True, kw_only=True)
class DevicePluginArgs:
    """groups: each gets a plugin that shares its GPUs as the group says. None: one for all nodes
    that bear the label nvidia.com/gpu.present=true, with whole GPUs.
    """

    groups: Sequence[GpuNodes] = ()


class DevicePlugin(pulumi.ComponentResource):
    """A DaemonSet for each group of GPU nodes, named after it, in a namespace of their own.

    A single one could choose a configuration by node only with a service account that may read
    nodes, and a process namespace shared with the container that does it.
    """

    TYPE = "serving:platform:DevicePlugin"

    namespace: pulumi.Output[str]

    def __init__(
        self, name: str, args: DevicePluginArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._prefix = name
        # The kubelet's folder of plugins is on the node, which `restricted` and `baseline` forbid.
        namespace = GuardedNamespace(
            name,
            GuardedNamespaceArgs(name=NAMESPACE, pod_security="privileged"),
            pulumi.ResourceOptions(parent=self),
        )
        self.namespace = namespace.name
        # Objects name it themselves: policies that know it by name see it in the first preview too.
        self._child = pulumi.ResourceOptions(parent=self, depends_on=[namespace])

        for group in args.groups:
            self._plugin(
                group.name, pods_per_gpu=group.pods_per_gpu, nodes={NODE_GROUP_LABEL: group.name}
            )
        if not args.groups:
            self._plugin(ALL_GPU_NODES, pods_per_gpu=1, nodes={})
        self.register_outputs({"namespace": self.namespace})

    def _plugin(self, group: str, *, pods_per_gpu: int, nodes: dict[str, str]) -> None:
        workload = plugin_workload(group)
        config = plugin_config(pods_per_gpu)
        needs = [
            self._config_map(workload, config),
            self._service_account(workload),
            self._network_policy(workload),
        ]
        pod = plugin_pod(workload, config=config, nodes={GPU_PRESENT_LABEL: GPU_PRESENT} | nodes)
        self._daemon_set(workload, pod, needs)

    def _config_map(self, workload: Workload, config: str) -> ConfigMap:
        return ConfigMap(
            f"{self._prefix}-{workload.name}-config",
            metadata=workload.metadata(NAMESPACE),
            data={CONFIG_FILE: config},
            opts=self._child,
        )

    def _service_account(self, workload: Workload) -> ServiceAccount:
        return ServiceAccount(
            f"{self._prefix}-{workload.name}-service-account",
            metadata=workload.metadata(NAMESPACE),
            automount_service_account_token=False,
            opts=self._child,
        )

    def _network_policy(self, workload: Workload) -> pulumi.Resource:
        """It talks to the kubelet, by sockets on the node: no network at all."""
        return network_policy(
            f"{self._prefix}-{workload.name}-network-policy",
            workload=workload,
            ingress=[],
            egress=[],
            namespace=NAMESPACE,
            opts=self._child,
        )

    def _daemon_set(
        self, workload: Workload, pod: PodTemplateSpecArgs, needs: list[pulumi.Resource]
    ) -> DaemonSet:
        return DaemonSet(
            f"{self._prefix}-{workload.name}-daemon-set",
            metadata=workload.metadata(NAMESPACE),
            spec=DaemonSetSpecArgs(
                selector=workload.pods(),
                update_strategy=DaemonSetUpdateStrategyArgs(type="RollingUpdate"),
                template=pod,
            ),
            opts=self._child.merge(pulumi.ResourceOptions(depends_on=needs)),
        )


def plugin_workload(group: str) -> Workload:
    return Workload(
        name=group, application="nvidia-device-plugin", component="gpu", port=0
    )  # no port
