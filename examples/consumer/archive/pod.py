"""The job's pod: without rights, as the service's namespace asks for (Pod Security `restricted`).

https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core.v1 import (
    CapabilitiesArgs,
    ContainerArgs,
    EmptyDirVolumeSourceArgs,
    PersistentVolumeClaimVolumeSourceArgs,
    PodSecurityContextArgs,
    PodSpecArgs,
    ResourceRequirementsArgs,
    SeccompProfileArgs,
    SecretVolumeSourceArgs,
    SecurityContextArgs,
    VolumeArgs,
    VolumeMountArgs,
)

POD_LABELS = {"app.kubernetes.io/name": "image-archive"}
VOLUME_FOLDER = "/datasets"
KEY_FOLDER = "/run/api-key"
USER_ID = 10001  # any but root; the volume's files belong to its group
REQUESTS = {"cpu": "50m", "memory": "128Mi", "ephemeral-storage": "16Mi"}
LIMITS = {"cpu": "1", "memory": "384Mi", "ephemeral-storage": "256Mi"}


@dataclass(frozen=True, kw_only=True)
class PodFiles:
    """The volumes of the pod. secret_name: of the API key; None without one."""

    claim_name: pulumi.Input[str]
    secret_name: pulumi.Input[str] | None

    @property
    def key_options(self) -> list[str]:
        """The client's; a key on the command line would be seen by all who see pods."""
        return ["--api-key-file", f"{KEY_FOLDER}/key"] if self.secret_name is not None else []

    def volumes(self) -> list[VolumeArgs]:
        claim = PersistentVolumeClaimVolumeSourceArgs(claim_name=self.claim_name)
        volumes = [
            VolumeArgs(name="datasets", persistent_volume_claim=claim),
            VolumeArgs(name="tmp", empty_dir=EmptyDirVolumeSourceArgs(size_limit="128Mi")),
        ]
        if self.secret_name is not None:
            secret = SecretVolumeSourceArgs(secret_name=self.secret_name, default_mode=0o440)
            volumes.append(VolumeArgs(name="api-key", secret=secret))
        return volumes

    def mounts(self) -> list[VolumeMountArgs]:
        mounts = [
            VolumeMountArgs(name="datasets", mount_path=VOLUME_FOLDER),
            VolumeMountArgs(name="tmp", mount_path="/tmp"),
        ]
        if self.secret_name is not None:
            mounts.append(VolumeMountArgs(name="api-key", mount_path=KEY_FOLDER, read_only=True))
        return mounts


def pod_spec(
    *,
    init_containers: Sequence[ContainerArgs],
    containers: Sequence[ContainerArgs],
    files: PodFiles,
) -> PodSpecArgs:
    return PodSpecArgs(
        restart_policy="Never",  # the job makes another pod, and the failed one keeps its log
        automount_service_account_token=False,
        enable_service_links=False,
        security_context=PodSecurityContextArgs(
            run_as_non_root=True,
            run_as_user=USER_ID,
            run_as_group=USER_ID,
            fs_group=USER_ID,
            fs_group_change_policy="OnRootMismatch",
            seccomp_profile=SeccompProfileArgs(type="RuntimeDefault"),
        ),
        init_containers=init_containers,
        containers=containers,
        volumes=files.volumes(),
    )


def container(
    name: str,
    command: Sequence[pulumi.Input[str]],
    image: pulumi.Input[str],
    files: PodFiles,
) -> ContainerArgs:
    return ContainerArgs(
        name=name,
        image=image,
        command=command,
        volume_mounts=files.mounts(),
        resources=ResourceRequirementsArgs(requests=REQUESTS, limits=LIMITS),
        security_context=SecurityContextArgs(
            allow_privilege_escalation=False,
            capabilities=CapabilitiesArgs(drop=["ALL"]),
            read_only_root_filesystem=True,
        ),
    )
