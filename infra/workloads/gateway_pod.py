"""A gateway pod: one container, its settings as environment, its API keys as files."""

import pulumi
from pulumi_kubernetes.core.v1 import (
    ConfigMapEnvSourceArgs,
    ContainerArgs,
    ContainerPortArgs,
    EnvFromSourceArgs,
    HTTPGetActionArgs,
    PodTemplateSpecArgs,
    ProbeArgs,
    SecretVolumeSourceArgs,
    VolumeArgs,
    VolumeMountArgs,
)

from infra.labels import GATEWAY
from infra.settings.gateway import GatewaySettings
from infra.workloads.gateway_environment import API_KEYS_FOLDER, checksum
from infra.workloads.pod import drain, pod_template, resource_requirements, temporary_files_mount
from infra.workloads.pod_security import container_security_context

API_KEYS_SECRET = f"{GATEWAY.name}-api-keys"
# kube-proxy and load balancers need a moment to see that a pod is going.
DRAIN_SECONDS = 5
# After SIGTERM the running requests are finished, then the process needs time to go.
STOP_SECONDS = 5


def gateway_pod(
    settings: GatewaySettings,
    environment: dict[str, pulumi.Input[str]],
    *,
    image: pulumi.Input[str],
    waits_for_model: bool = True,
    priority_class_name: pulumi.Input[str] | None = None,
) -> PodTemplateSpecArgs:
    """waits_for_model: a gateway whose model is paused takes requests, to say so (503)."""
    return pod_template(
        GATEWAY,
        annotations={"checksum/settings": checksum(environment)},
        containers=[
            _container(settings, image, readiness="/readyz" if waits_for_model else "/healthz")
        ],
        volumes=[
            VolumeArgs(
                name="api-keys",
                secret=SecretVolumeSourceArgs(secret_name=API_KEYS_SECRET, default_mode=0o440),
            )
        ],
        revision_label="pod-template-hash",
        termination_grace_period_seconds=gateway_drain_seconds(settings),
        priority_class_name=priority_class_name,
    )


def gateway_drain_seconds(settings: GatewaySettings) -> int:
    """How long a pod may still answer after it was told to go."""
    return DRAIN_SECONDS + settings.request_timeout_seconds + STOP_SECONDS


def _container(
    settings: GatewaySettings, image: pulumi.Input[str], *, readiness: str
) -> ContainerArgs:
    return ContainerArgs(
        name=GATEWAY.name,
        image=image,
        ports=[ContainerPortArgs(name="http", container_port=GATEWAY.port)],
        env_from=[EnvFromSourceArgs(config_map_ref=ConfigMapEnvSourceArgs(name=GATEWAY.name))],
        volume_mounts=[
            # A whole folder: a file mounted by subPath would never change.
            VolumeMountArgs(name="api-keys", mount_path=API_KEYS_FOLDER, read_only=True),
            temporary_files_mount(),
        ],
        startup_probe=_probe("/healthz", period_seconds=1, failure_threshold=60),
        readiness_probe=_probe(readiness, period_seconds=5, failure_threshold=2),
        # Its own health alone: restarting the gateway would not bring back the model.
        liveness_probe=_probe("/healthz", period_seconds=10, failure_threshold=3),
        lifecycle=drain(DRAIN_SECONDS),
        resources=resource_requirements(settings.resources),
        security_context=container_security_context(),
    )


def _probe(path: str, *, period_seconds: int, failure_threshold: int) -> ProbeArgs:
    return ProbeArgs(
        http_get=HTTPGetActionArgs(path=path, port="http"),
        period_seconds=period_seconds,
        timeout_seconds=5,  # a busy two-core machine answers late, but it answers
        failure_threshold=failure_threshold,
    )
