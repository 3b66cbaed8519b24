"""A model server pod: `sync` puts the model onto the pod's own volume, `server` answers for it."""

import pulumi
from pulumi_kubernetes.core.v1 import (
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    ContainerPortArgs,
    GRPCActionArgs,
    HTTPGetActionArgs,
    PodTemplateSpecArgs,
    ProbeArgs,
    VolumeArgs,
    VolumeMountArgs,
)

from infra.labels import Workload
from infra.settings.model import ModelSettings
from infra.workloads.bucket_access import ServerAccess
from infra.workloads.model_config import MODELS_FOLDER
from infra.workloads.model_server_flags import (
    CONFIG_FOLDER,
    MAX_CONNECTION_AGE_SECONDS,
    REST_PORT,
    model_server_command,
)
from infra.workloads.placement import Placement
from infra.workloads.pod import drain, pod_template, resource_requirements, temporary_files_mount
from infra.workloads.pod_security import container_security_context
from infra.workloads.start_files import checksum, start_files
from infra.workloads.sync_containers import CONFIG_VOLUME, MODELS_VOLUME, sync_containers

SERVER = "server"
# The ports open once the model is loaded; a load that fails is tried six times in five minutes
# before the server gives up and says why (--max_num_load_retries, --load_retry_interval_micros).
STARTUP_PERIOD_SECONDS = 2
STARTUP_SECONDS = 360
# A GPU that is newer than the image has its code compiled when the model is first run.
GPU_STARTUP_SECONDS = 900
# Clients keep a connection until its age ends, which gRPC spreads by a tenth in both directions.
DRAIN_SECONDS = MAX_CONNECTION_AGE_SECONDS * 11 // 10 + 2
# TensorFlow Serving ignores SIGTERM (tensorflow/serving#1853): waiting longer gains nothing.
STOP_SECONDS = 2


def model_pod(
    workload: Workload,
    model: ModelSettings,
    *,
    server_image: pulumi.Input[str],
    model_image: pulumi.Input[str],
    config_map_name: str,
    bucket_server: ServerAccess | None,
    place: Placement,
) -> PodTemplateSpecArgs:
    """The pod of one replica; its volume `models` comes from the StatefulSet's template."""
    return pod_template(
        workload,
        init_containers=sync_containers(model, bucket_server, image=model_image),
        containers=[_server(workload, model, server_image, place)],
        volumes=[
            VolumeArgs(
                name=CONFIG_VOLUME, config_map=ConfigMapVolumeSourceArgs(name=config_map_name)
            )
        ],
        revision_label="controller-revision-hash",
        annotations={"checksum/start-files": checksum(start_files(model))},
        termination_grace_period_seconds=DRAIN_SECONDS + STOP_SECONDS,
        priority_class_name=place.priority_class_name,
        node_selector=place.node_selector,
        tolerations=place.tolerations,
    )


def _server(
    workload: Workload, model: ModelSettings, image: pulumi.Input[str], place: Placement
) -> ContainerArgs:
    program, *flags = model_server_command(
        port=workload.port,
        cpu_limit=model.resources.limits.cpu,
        has_batching=model.batching is not None,
        has_warm_up=model.warm_up,
        gpu_memory_fraction=place.gpu_memory_fraction,
    )
    return ContainerArgs(
        name=SERVER,
        image=image,
        command=[program],
        args=flags,
        ports=[
            ContainerPortArgs(name="grpc", container_port=workload.port),
            ContainerPortArgs(name="rest", container_port=REST_PORT),
        ],
        volume_mounts=[
            VolumeMountArgs(name=MODELS_VOLUME, mount_path=MODELS_FOLDER, read_only=True),
            # A whole folder: a file mounted by subPath would never change.
            VolumeMountArgs(name=CONFIG_VOLUME, mount_path=CONFIG_FOLDER, read_only=True),
            temporary_files_mount(),
        ],
        startup_probe=_startup_probe(workload, model),
        readiness_probe=_probe(workload, period_seconds=5, failure_threshold=2),
        # A minute, since a server at work on a large batch is slow to answer and not dead.
        liveness_probe=_probe(workload, period_seconds=10, failure_threshold=6),
        lifecycle=drain(DRAIN_SECONDS),
        resources=resource_requirements(model.resources, gpus=place.gpus),
        security_context=container_security_context(),
    )


def _startup_probe(workload: Workload, model: ModelSettings) -> ProbeArgs:
    """Until the version that callers get is loaded.

    The ports open with the first version of all (core/servable_state_monitor.cc), which may be the
    canary: the server then knows of no such version when it is asked for `stable`.
    """
    seconds = GPU_STARTUP_SECONDS if model.gpus else STARTUP_SECONDS
    probe = _probe(
        workload,
        period_seconds=STARTUP_PERIOD_SECONDS,
        failure_threshold=seconds // STARTUP_PERIOD_SECONDS,
    )
    if model.versions.stable:
        probe.grpc = None
        path = f"/v1/models/{model.name}/labels/stable/metadata"
        probe.http_get = HTTPGetActionArgs(port=REST_PORT, path=path)
    return probe


def _probe(workload: Workload, *, period_seconds: int, failure_threshold: int) -> ProbeArgs:
    # gRPC, without a service name: over HTTP probes would be counted as predictions.
    return ProbeArgs(
        grpc=GRPCActionArgs(port=workload.port),
        period_seconds=period_seconds,
        timeout_seconds=5,
        failure_threshold=failure_threshold,
    )
