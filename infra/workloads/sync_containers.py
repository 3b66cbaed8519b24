"""Sync in a model server's pod: once before the server starts, and beside it for later versions."""

import pulumi
from pulumi_kubernetes.core.v1 import ContainerArgs, ContainerPortArgs, VolumeMountArgs

from infra.settings.model import ModelSettings
from infra.settings.shapes import ComputeQuantities, Resources
from infra.workloads.bucket_access import ServerAccess, bucket_environment
from infra.workloads.model_config import LABELS_FILE, model_folder
from infra.workloads.model_server_flags import CONFIG_FOLDER, REST_PORT
from infra.workloads.pod import resource_requirements, temporary_files_mount
from infra.workloads.pod_security import container_security_context

CONFIG_VOLUME = "config"
MODELS_VOLUME = "models"
SYNC_FOLDER = "/volume"
METRICS_PORT = 9100
ONCE_RESOURCES = Resources(
    requests=ComputeQuantities(cpu="50m", memory="64Mi"),
    limits=ComputeQuantities(cpu="1", memory="256Mi"),
)
POLL_RESOURCES = Resources(
    requests=ComputeQuantities(cpu="10m", memory="64Mi"),
    limits=ComputeQuantities(cpu="500m", memory="256Mi"),
)


def sync_containers(
    model: ModelSettings, server: ServerAccess | None, *, image: pulumi.Input[str]
) -> list[ContainerArgs]:
    """Init containers; the second one, where there is a bucket, runs as long as the pod.

    `server` is the bucket's, None is Amazon's.
    """
    once = _sync(
        model,
        server,
        image=image,
        name="sync",
        resources=ONCE_RESOURCES,
        arguments=_once(model),
    )
    if not model.source.bucket_url:
        return [once]
    poll = _sync(
        model,
        server,
        image=image,
        name="sync-poll",
        resources=POLL_RESOURCES,
        arguments=[
            f"--poll={model.source.poll_seconds}",
            f"--metrics-port={METRICS_PORT}",
            f"--server-url=http://127.0.0.1:{REST_PORT}/v1/models/{model.name}",
        ],
    )
    # A sidecar, kubernetes.io/docs/concepts/workloads/pods/sidecar-containers: the server doesn't
    # wait for it to end, and it ends after the server.
    poll.restart_policy = "Always"
    poll.ports = [ContainerPortArgs(name="sync-metrics", container_port=METRICS_PORT)]
    return [once, poll]


def _once(model: ModelSettings) -> list[str]:
    """A bucket that can't be reached must not keep servers down that have a version already."""
    return ["--allow-stale"] if model.source.bucket_url else []


def _sync(
    model: ModelSettings,
    server: ServerAccess | None,
    *,
    image: pulumi.Input[str],
    name: str,
    resources: Resources,
    arguments: list[str],
) -> ContainerArgs:
    folder, bucket_url = model_folder(model.name), model.source.bucket_url
    sources = [folder, *([bucket_url] if bucket_url else [])]
    return ContainerArgs(
        name=name,
        image=image,
        command=["python3", "-m", "model", "sync"],
        args=[
            *(f"--source={source}" for source in sources),
            f"--target={SYNC_FOLDER}/{model.name}",
            f"--keep={model.source.keep_versions}",
            f"--labels={CONFIG_FOLDER}/{LABELS_FILE}",
            *arguments,
        ],
        env=bucket_environment(server) if bucket_url else None,
        # Not at the folder of the models, where the image has the model itself.
        volume_mounts=[
            VolumeMountArgs(name=MODELS_VOLUME, mount_path=SYNC_FOLDER),
            VolumeMountArgs(name=CONFIG_VOLUME, mount_path=CONFIG_FOLDER, read_only=True),
            temporary_files_mount(),
        ],
        resources=resource_requirements(resources),
        security_context=container_security_context(),
        # Its last lines say why it failed; the kubelet then shows them as the reason.
        termination_message_policy="FallbackToLogsOnError",
    )
