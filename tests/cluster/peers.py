"""Pods that try to connect to others, and the words for what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from local.kubectl import Kubectl

PORT = 8000  # where a visitor listens, on all of its addresses
OPEN, REFUSED, SILENT = "open", "refused", "silent"
_FIELD_MANAGER = "image-serving-tests"
_CONNECT = f"""
import socket, sys
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=2.5).close()
except TimeoutError:
    print("{SILENT}")
except ConnectionRefusedError:
    print("{REFUSED}")
else:
    print("{OPEN}")
"""


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A running pod whose first container has `python3`."""

    kubectl: Kubectl
    namespace: str
    name: str

    @property
    def address(self) -> str:
        pod = self.kubectl.get("pod", self.name, "--namespace", self.namespace)
        return str(pod["status"]["podIP"])

    @property
    def link_local_address(self) -> str:
        """Its IPv6 address on the pods' link."""
        lines = self.python("print(open('/proc/net/if_inet6').read())").splitlines()
        digits = next(line.split()[0] for line in lines if line.endswith("eth0"))
        return ":".join(digits[at : at + 4] for at in range(0, len(digits), 4)) + "%eth0"

    def connect(self, host: str, port: int) -> str:
        """What came of a TCP connection: OPEN, REFUSED, or SILENT when no answer came."""
        return self.python(_CONNECT, host, str(port)).strip()

    def python(self, program: str, *arguments: str) -> str:
        """What a Python program prints in the pod. Raises `CommandError` when it fails."""
        command = ("python3", "-c", program, *arguments)
        return self.kubectl.text("exec", "-n", self.namespace, self.name, "--", *command)


def start_visitor(
    kubectl: Kubectl, namespace: str, image: str, labels: Mapping[str, str], log: Path
) -> Peer:
    """Starts the pod `visitor`, which listens on PORT, and waits until it does."""
    await_account(kubectl, namespace, log)
    manifest = yaml.safe_dump(_visitor(namespace, image, labels))
    kubectl.apply(manifest, log=log, field_manager=_FIELD_MANAGER)
    wait = ("wait", "--for=condition=Ready", "pod/visitor", "--timeout=90s")
    kubectl.run("-n", namespace, *wait, log=log)
    return Peer(kubectl=kubectl, namespace=namespace, name="visitor")


def await_account(kubectl: Kubectl, namespace: str, log: Path) -> None:
    """A namespace takes no pods before its controller has made their account in it."""
    wait = ("wait", "--for=create", "serviceaccount/default", "--timeout=90s")
    kubectl.run("-n", namespace, *wait, log=log)


def _visitor(namespace: str, image: str, labels: Mapping[str, str]) -> dict[str, object]:
    container = {
        "name": "visitor",
        "image": image,
        "command": ["python3", "-m", "http.server", str(PORT), "--bind", "::"],
        "readinessProbe": {"tcpSocket": {"port": PORT}, "periodSeconds": 1},
        "resources": {"requests": {"cpu": "10m"}, "limits": {"memory": "64Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        },
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "visitor", "namespace": namespace, "labels": dict(labels)},
        "spec": {
            "automountServiceAccountToken": False,
            "terminationGracePeriodSeconds": 0,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 10001,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [container],
        },
    }
