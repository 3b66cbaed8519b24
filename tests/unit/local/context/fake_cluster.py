"""A cluster on which all is well, but for what a test says; it answers as kubectl does."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import yaml

from local.errors import CommandError

SERVICE_RANGE = "10.96.0.0/12"


def node(name: str = "one", **changes: Any) -> dict[str, Any]:
    """A ready node; `changes` replace parts of its spec."""
    return {
        "metadata": {"name": name},
        "spec": {"podCIDRs": ["10.244.0.0/24"], **changes},
        "status": {
            "allocatable": {"cpu": "4", "memory": "8Gi"},
            "conditions": [{"type": "Ready", "status": "True"}],
            "nodeInfo": {"architecture": "amd64"},
            "images": [],
        },
    }


def pod(namespace: str, cpu: str, memory: str, **changes: Any) -> dict[str, Any]:
    requests = {"cpu": cpu, "memory": memory}
    return {
        "metadata": {"name": "pod", "namespace": namespace},
        "spec": {"nodeName": "one", "containers": [{"resources": {"requests": requests}}]},
        "status": {"phase": "Running", "podIP": "172.31.7.9", **changes},
    }


def storage_class(name: str, *, default: bool = False, provisioner: str = "x") -> dict[str, Any]:
    annotations = {"storageclass.kubernetes.io/is-default-class": "true"} if default else {}
    return {"metadata": {"name": name, "annotations": annotations}, "provisioner": provisioner}


def daemon_set(name: str, *containers: str) -> dict[str, Any]:
    made = [{"name": each} for each in containers or (name,)]
    return {"metadata": {"name": name}, "spec": {"template": {"spec": {"containers": made}}}}


def failed(printed: str) -> CommandError:
    """What `local.shell.output` raises for a kubectl that ended with these lines."""
    return CommandError(f"kubectl --kubeconfig=x get failed with exit code 1: {printed}")


@dataclass
class FakeCluster:
    """A `Reader`. Objects by kind, raw answers by path; an error in their place is raised."""

    version: Any = field(default_factory=lambda: {"gitVersion": "v1.33.1"})
    metrics: Any = field(default_factory=lambda: {"items": []})
    refused: frozenset[str] = frozenset()  # such as `create pods`
    review_error: CommandError | None = None
    uid: str = "uid-of-the-cluster"
    objects: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        well = {
            "nodes": [node()],
            "pods": [],
            "storageclasses": [storage_class("standard", default=True)],
            "daemonsets": [daemon_set("calico-node")],
            "namespaces": [{"metadata": {"name": "kube-system"}}],
        }
        self.objects = well | self.objects

    def get(self, *arguments: str) -> Any:
        if arguments[:2] == ("namespace", "kube-system"):
            return {"metadata": {"uid": self.uid}}
        return {"items": _given(self.objects[arguments[0]])}

    def text(self, *arguments: str) -> str:
        if arguments[0] == "create":
            # pkg/registry/core/service/ipallocator, ErrNotInRange
            raise failed(f"... The range of valid IPs is {SERVICE_RANGE}")
        return json.dumps(_given(self.version if arguments[2] == "/version" else self.metrics))

    def create(self, manifests: str) -> list[Any]:
        if self.review_error is not None:
            raise self.review_error
        reviews = [each["spec"]["resourceAttributes"] for each in yaml.safe_load_all(manifests)]
        return [
            {"status": {"allowed": f"{each['verb']} {each['resource']}" not in self.refused}}
            for each in reviews
        ]


def _given(answer: Any) -> Any:
    if isinstance(answer, CommandError):
        raise answer
    return answer
