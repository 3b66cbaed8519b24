"""Manifests that need no image: typed as Any, since the SDK's types know Python's spelling only."""

from __future__ import annotations

from typing import Any

_LABELS = {"app": "x"}


def deployment_spec(replicas: int, **pod: Any) -> Any:
    """Of pods that never run: there is no such image. `pod` are further fields of their spec."""
    return {
        "replicas": replicas,
        "selector": {"matchLabels": _LABELS},
        "template": {
            "metadata": {"labels": _LABELS},
            "spec": {"containers": [{"name": "main", "image": "example.invalid/none:1"}], **pod},
        },
    }


def stateful_set_spec(service_name: str) -> Any:
    """Without replicas, so that it is ready as soon as its controller has seen it."""
    return {"serviceName": service_name, **deployment_spec(replicas=0)}


def headless_spec(port: int) -> Any:
    """Of a Service that nobody waits for."""
    return {"clusterIP": "None", "ports": [{"port": port}]}


def role_ref(name: str) -> Any:
    return {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name}


def widget_definition_spec(group: str) -> Any:
    """Of a CustomResourceDefinition that takes any content."""
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return {
        "group": group,
        "scope": "Namespaced",
        "names": {"kind": "Widget", "plural": "widgets"},
        "versions": [
            {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
        ],
    }
