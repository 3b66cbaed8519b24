"""A pod of the device plugin: root on its node, and without any other right."""

from pulumi_kubernetes.core.v1 import (
    CapabilitiesArgs,
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    EnvVarArgs,
    HostPathVolumeSourceArgs,
    PodSecurityContextArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    SeccompProfileArgs,
    SecurityContextArgs,
    TolerationArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from infra.labels import Workload
from infra.node_labels import GPU_TAINT_KEY, NO_SCHEDULE
from infra.pins import DEVICE_PLUGIN
from infra.platform.device_plugin_config import CONFIG_FILE, checksum
from infra.settings.shapes import ComputeQuantities, Resources
from infra.workloads.pod import resource_requirements

CONFIG_FOLDER = "/config"
# Where the kubelet listens for plugins, and plugins for the kubelet.
PLUGINS_FOLDER = "/var/lib/kubelet/device-plugins"
PRIORITY_CLASS = "system-node-critical"
RESOURCES = Resources(
    requests=ComputeQuantities(cpu="10m", memory="64Mi"),
    limits=ComputeQuantities(cpu="200m", memory="256Mi"),
)


def plugin_pod(workload: Workload, *, config: str, nodes: dict[str, str]) -> PodTemplateSpecArgs:
    """nodes: the labels of those that get one."""
    return PodTemplateSpecArgs(
        metadata=ObjectMetaArgs(
            labels=workload.labels, annotations={"checksum/config": checksum(config)}
        ),
        spec=PodSpecArgs(
            service_account_name=workload.name,
            automount_service_account_token=False,
            enable_service_links=False,
            priority_class_name=PRIORITY_CLASS,
            node_selector=nodes,
            # Whatever its value: node groups of others say `present`.
            tolerations=[TolerationArgs(key=GPU_TAINT_KEY, operator="Exists", effect=NO_SCHEDULE)],
            security_context=PodSecurityContextArgs(
                run_as_user=0,  # the kubelet's folder is root's
                run_as_group=0,
                seccomp_profile=SeccompProfileArgs(type="RuntimeDefault"),
            ),
            containers=[_container()],
            volumes=[
                VolumeArgs(
                    name="plugins",
                    host_path=HostPathVolumeSourceArgs(path=PLUGINS_FOLDER, type="Directory"),
                ),
                VolumeArgs(name="config", config_map=ConfigMapVolumeSourceArgs(name=workload.name)),
            ],
        ),
    )


def _container() -> ContainerArgs:
    return ContainerArgs(
        name="device-plugin",
        image=DEVICE_PLUGIN.value,
        command=["nvidia-device-plugin"],
        # The image itself asks the container runtime for all GPUs of the node.
        env=[EnvVarArgs(name="CONFIG_FILE", value=f"{CONFIG_FOLDER}/{CONFIG_FILE}")],
        volume_mounts=[
            VolumeMountArgs(name="plugins", mount_path=PLUGINS_FOLDER),
            VolumeMountArgs(name="config", mount_path=CONFIG_FOLDER, read_only=True),
        ],
        resources=resource_requirements(RESOURCES),
        security_context=SecurityContextArgs(
            allow_privilege_escalation=False,
            capabilities=CapabilitiesArgs(drop=["ALL"]),
            read_only_root_filesystem=True,
        ),
        termination_message_policy="FallbackToLogsOnError",
    )
