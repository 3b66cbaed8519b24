"""The kubeconfig of a cluster that isn't there.

It says so in an extension of its cluster, the place that a kubeconfig has for what others add
(https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/), and which version of Kubernetes is
pretended. The kubernetes stand-in then checks objects by that version's schemas, and asks nobody.
"""

from __future__ import annotations

from typing import Any, Final

from local.plugins.shared.values import Object, at

EXTENSION: Final = "image-serving/pretended"


def pretended_cluster(server: str, authority: str, kubernetes_version: str) -> Object:
    """The `cluster` of a kubeconfig."""
    extension = {"name": EXTENSION, "extension": {"kubernetesVersion": kubernetes_version}}
    return {
        "server": server,
        "certificate-authority-data": authority,
        "extensions": [extension],
    }


def pretended_version(cluster: Any) -> str | None:
    """The version that a kubeconfig's `cluster` pretends to be; None for a real one."""
    for each in at(cluster, "extensions") or []:
        if at(each, "name") == EXTENSION:
            return str(at(each, "extension", "kubernetesVersion"))
    return None
