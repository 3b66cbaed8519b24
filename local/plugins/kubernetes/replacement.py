"""Which changes can't be made in place, so that the object is replaced.

The table has the fields for which the genuine plugin replaces
(pulumi-kubernetes, provider/pkg/provider/diff.go); versions of a group share their rules.
"""

from __future__ import annotations

from typing import Final

from local.plugins.kubernetes.kinds import Kind
from local.plugins.kubernetes.settings import ProviderSettings
from local.plugins.shared.values import Object, Path, at

_IDENTITY: Final = ("kind", "metadata.name", "metadata.namespace")
_STATEFUL_SET: Final = (
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
)
_VOLUME_SOURCES: Final = (
    "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker "
    "gcePersistentDisk glusterfs hostPath iscsi local nfs photonPersistentDisk portworxVolume "
    "quobyte rbd scaleIO storageos vsphereVolume"
)
_POD_FIELDS: Final = (
    "affinity automountServiceAccountToken containers dnsConfig dnsPolicy enableServiceLinks "
    "hostAliases hostIPC hostNetwork hostPID hostname imagePullSecrets initContainers nodeName "
    "nodeSelector overhead preemptionPolicy priority priorityClassName readinessGates "
    "restartPolicy runtimeClassName schedulerName securityContext serviceAccount "
    "serviceAccountName shareProcessNamespace subdomain terminationGracePeriodSeconds volumes"
)
_BY_KIND: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("apps", "DaemonSet"): ("spec.selector",),
    ("apps", "Deployment"): ("spec.selector",),
    ("apps", "StatefulSet"): _STATEFUL_SET,
    ("batch", "Job"): ("spec.completions", "spec.parallelism", "spec.selector", "spec.template"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): ("roleRef",),
    ("rbac.authorization.k8s.io", "RoleBinding"): ("roleRef",),
    ("storage.k8s.io", "StorageClass"): ("parameters", "provisioner"),
    ("", "PersistentVolume"): tuple(f"spec.{source}" for source in _VOLUME_SOURCES.split()),
    ("", "PersistentVolumeClaim"): (
        "spec.accessModes",
        "spec.selector",
        "spec.storageClassName",
        "spec.volumeName",
    ),
    ("", "Pod"): tuple(f"spec.{field}" for field in _POD_FIELDS.split()),
    ("", "ResourceQuota"): ("spec.scopes",),
    ("", "Secret"): ("type",),
    ("", "Service"): ("spec.clusterIP",),
}


def replaces(path: Path, kind: Kind, new_inputs: Object, settings: ProviderSettings) -> bool:
    """Whether a change at `path` makes the object a new one."""
    return any(_within(path, field) for field in _fields(kind, new_inputs, settings))


def _fields(kind: Kind, new_inputs: Object, settings: ProviderSettings) -> tuple[str, ...]:
    fields = _IDENTITY + _BY_KIND.get((kind.group, kind.name), ())
    immutable = at(new_inputs, "immutable") is True
    if (kind.group, kind.name) == ("", "ConfigMap"):
        return fields + (() if settings.config_map_mutable and not immutable else _CONFIG_DATA)
    if (kind.group, kind.name) == ("", "Secret"):
        return fields + (() if settings.secret_mutable and not immutable else _SECRET_DATA)
    return fields


_CONFIG_DATA: Final = ("binaryData", "data")
_SECRET_DATA: Final = ("data", "stringData")


def _within(path: Path, field: str) -> bool:
    """Whether the path is the field, is inside it, or holds it (its parent was added or gone)."""
    steps = tuple(field.split("."))
    return path[: len(steps)] == steps or steps[: len(path)] == path
