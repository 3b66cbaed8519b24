"""A pod of the object store: versitygw, whose buckets are folders of its volume.

https://github.com/versity/versitygw: an S3 server over a file system, with its own metadata beside.
"""

from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    ContainerPortArgs,
    EnvVarArgs,
    EnvVarSourceArgs,
    HTTPGetActionArgs,
    PodTemplateSpecArgs,
    ProbeArgs,
    SecretKeySelectorArgs,
    VolumeMountArgs,
)

from infra.labels import OBJECT_STORE
from infra.settings.shapes import ComputeQuantities, Resources
from infra.workloads.bucket_access import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from infra.workloads.pod import drain, pod_template, resource_requirements, temporary_files_mount
from infra.workloads.pod_security import container_security_context

BUCKET = "models"
DATA_VOLUME = "data"
DATA_FOLDER = "/data"
BUCKETS_FOLDER = f"{DATA_FOLDER}/buckets"
METADATA_FOLDER = f"{DATA_FOLDER}/metadata"
HEALTH_PATH = "/health"
RESOURCES = Resources(
    requests=ComputeQuantities(cpu="20m", memory="64Mi"),
    limits=ComputeQuantities(cpu="1", memory="256Mi"),
)
DRAIN_SECONDS = 2
STOP_SECONDS = 5


def object_store_pod(image: str, *, keys_secret: str) -> PodTemplateSpecArgs:
    """The pod; its volume `data` comes from the StatefulSet's template."""
    return pod_template(
        OBJECT_STORE,
        init_containers=[_folders(image)],
        containers=[_server(image, keys_secret)],
        volumes=[],
        revision_label="controller-revision-hash",
        termination_grace_period_seconds=DRAIN_SECONDS + STOP_SECONDS,
    )


def _folders(image: str) -> ContainerArgs:
    """The bucket is there from the beginning: sync may ask for it before anyone publishes."""
    return ContainerArgs(
        name="folders",
        image=image,
        command=["/busybox", "mkdir", "-p", f"{BUCKETS_FOLDER}/{BUCKET}", METADATA_FOLDER],
        volume_mounts=_mounts(),
        resources=resource_requirements(RESOURCES),
        security_context=container_security_context(),
    )


def _server(image: str, keys_secret: str) -> ContainerArgs:
    return ContainerArgs(
        name="server",
        image=image,
        command=["/versitygw"],
        args=[
            f"--port=:{OBJECT_STORE.port}",
            f"--region={REGION}",
            f"--health={HEALTH_PATH}",
            "--quiet",  # no line per request
            "posix",
            # Beside the files: not every file system has extended attributes.
            f"--sidecar={METADATA_FOLDER}",
            BUCKETS_FOLDER,
        ],
        env=[
            _key("ROOT_ACCESS_KEY_ID", keys_secret, ACCESS_KEY_ID),
            _key("ROOT_SECRET_ACCESS_KEY", keys_secret, SECRET_ACCESS_KEY),
        ],
        ports=[ContainerPortArgs(name="s3", container_port=OBJECT_STORE.port)],
        volume_mounts=_mounts(),
        startup_probe=_probe(period_seconds=1, failure_threshold=60),
        readiness_probe=_probe(period_seconds=5, failure_threshold=2),
        liveness_probe=_probe(period_seconds=10, failure_threshold=3),
        lifecycle=drain(DRAIN_SECONDS),
        resources=resource_requirements(RESOURCES),
        security_context=container_security_context(),
    )


def _mounts() -> list[VolumeMountArgs]:
    return [
        VolumeMountArgs(name=DATA_VOLUME, mount_path=DATA_FOLDER),
        temporary_files_mount(),
    ]


def _key(variable: str, secret: str, key: str) -> EnvVarArgs:
    selector = SecretKeySelectorArgs(name=secret, key=key)
    return EnvVarArgs(name=variable, value_from=EnvVarSourceArgs(secret_key_ref=selector))


def _probe(*, period_seconds: int, failure_threshold: int) -> ProbeArgs:
    return ProbeArgs(
        http_get=HTTPGetActionArgs(path=HEALTH_PATH, port="s3"),
        period_seconds=period_seconds,
        timeout_seconds=5,
        failure_threshold=failure_threshold,
    )
