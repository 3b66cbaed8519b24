"""A pod of the tests' own that runs one of their programs behind a Service."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from local.kubectl import Kubectl
from tests.cluster.peers import Peer, await_account

_FIELD_MANAGER = "image-serving-tests"
_FILES, _PROGRAM = "files", "program"


def start_program(
    kubectl: Kubectl,
    *,
    namespace: str,
    name: str,
    program: Path,
    port: int,
    image: str,
    log: Path,
    files: Mapping[str, str] | None = None,
    more: tuple[dict[str, Any], ...] = (),
) -> Peer:
    """`python3 <program> <port>` as pod and Service of a namespace, which is made; waits for it.

    files: what is in /files, base64 by name. more: further objects. Raises `CommandError`.
    """
    meta = {"namespace": namespace, "labels": {"app": name}}
    home = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
    documents = [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {**meta, "name": _PROGRAM},
            "data": {program.name: program.read_text()},
        },
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {**meta, "name": _FILES},
            "binaryData": dict(files or {}),
        },
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {**meta, "name": name},
            "spec": _pod(name, program, port, image),
        },
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {**meta, "name": name},
            "spec": {"selector": meta["labels"], "ports": [{"port": port, "targetPort": port}]},
        },
        *more,
    ]
    kubectl.apply(yaml.safe_dump(home), log=log, field_manager=_FIELD_MANAGER)
    await_account(kubectl, namespace, log)
    kubectl.apply(yaml.safe_dump_all(documents), log=log, field_manager=_FIELD_MANAGER)
    wait = ("wait", "--for=condition=Ready", f"pod/{name}", "--timeout=90s")
    kubectl.run("-n", namespace, *wait, log=log)
    return Peer(kubectl=kubectl, namespace=namespace, name=name)


def remove(pod: Peer, log: Path) -> None:
    """The pod with its namespace; nobody waits until it is gone."""
    pod.kubectl.run("delete", "namespace", pod.namespace, "--wait=false", log=log)


def _pod(name: str, program: Path, port: int, image: str) -> dict[str, Any]:
    container = {
        "name": name,
        "image": image,
        "command": ["python3", f"/{_PROGRAM}/{program.name}", str(port)],
        "readinessProbe": {"tcpSocket": {"port": port}, "periodSeconds": 1},
        "resources": {"requests": {"cpu": "10m"}, "limits": {"memory": "192Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": each, "mountPath": f"/{each}"} for each in (_FILES, _PROGRAM)],
    }
    return {
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 0,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 10001,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": [{"name": each, "configMap": {"name": each}} for each in (_FILES, _PROGRAM)],
    }
