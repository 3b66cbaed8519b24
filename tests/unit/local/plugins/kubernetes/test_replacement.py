"""Which fields make a new object: those that the API server refuses to change."""

from __future__ import annotations

import pytest

from local.plugins.kubernetes.kinds import Kind
from local.plugins.kubernetes.replacement import replaces
from local.plugins.kubernetes.settings import ProviderSettings

RBAC = "rbac.authorization.k8s.io"
# By kind: fields that replace, and one beside them that doesn't.
TABLE = {
    Kind("apps", "v1", "Deployment"): ("spec.selector", "spec.template"),
    Kind("apps", "v1", "DaemonSet"): ("spec.selector", "spec.template"),
    Kind("apps", "v1", "StatefulSet"): (
        "spec.podManagementPolicy spec.revisionHistoryLimit spec.selector spec.serviceName "
        "spec.volumeClaimTemplates",
        "spec.template",
    ),
    Kind("batch", "v1", "Job"): (
        "spec.completions spec.parallelism spec.selector spec.template",
        "spec.activeDeadlineSeconds",
    ),
    Kind(RBAC, "v1", "ClusterRoleBinding"): ("roleRef", "subjects"),
    Kind(RBAC, "v1", "RoleBinding"): ("roleRef", "subjects"),
    Kind("storage.k8s.io", "v1", "StorageClass"): ("parameters provisioner", "reclaimPolicy"),
    Kind("", "v1", "PersistentVolume"): (
        "spec.awsElasticBlockStore spec.csi spec.hostPath spec.local spec.nfs",
        "spec.capacity",
    ),
    Kind("", "v1", "PersistentVolumeClaim"): (
        "spec.accessModes spec.selector spec.storageClassName spec.volumeName",
        "spec.resources",
    ),
    Kind("", "v1", "Pod"): (
        "spec.containers spec.initContainers spec.volumes spec.nodeSelector spec.restartPolicy",
        "spec.activeDeadlineSeconds",
    ),
    Kind("", "v1", "ResourceQuota"): ("spec.scopes", "spec.hard"),
    Kind("", "v1", "Secret"): ("type data stringData", "metadata.labels"),
    Kind("", "v1", "ConfigMap"): ("data binaryData", "metadata.labels"),
    Kind("", "v1", "Service"): ("spec.clusterIP", "spec.ports"),
    Kind("example.com", "v1", "Widget"): ("kind metadata.name metadata.namespace", "spec"),
}
CASES = [
    pytest.param(kind, field, expected, id=f"{kind.name} {field}")
    for kind, (replacing, other) in TABLE.items()
    for fields, expected in ((replacing, True), (other, False))
    for field in fields.split()
]


@pytest.mark.parametrize(("kind", "field", "expected"), CASES)
def test_by_field(kind: Kind, field: str, expected: bool) -> None:
    assert replaces(tuple(field.split(".")), kind, {}, ProviderSettings()) is expected


def test_what_is_inside_a_field_counts() -> None:
    path = ("spec", "selector", "matchLabels", "app")
    assert replaces(path, Kind("apps", "v1", "Deployment"), {}, ProviderSettings())


def test_so_does_what_holds_it() -> None:
    assert replaces(("spec",), Kind("", "v1", "Service"), {}, ProviderSettings())
