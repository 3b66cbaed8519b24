"""The gateway's pods one by one, where the Service answers by the one that chance picks."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from infra.labels import GATEWAY
from local.errors import CommandError
from tests.cluster.conftest import Deployed, pods_of, ready_pods
from tests.cluster.host_processes import processes_of
from tests.cluster.waiting import eventually

_WORKER_MODULE = "gateway.decode_worker"
_TIMEOUT_SECONDS = 90


def until_all_answer(deployed: Deployed) -> None:
    """Returns once every gateway pod is in the Service and reaches the model."""

    def all_ready() -> bool:
        pods = _names(deployed)
        return ready_pods(deployed, GATEWAY.name) == pods and all(
            _is_ready(deployed, pod) for pod in pods
        )

    eventually(all_ready, timeout_seconds=_TIMEOUT_SECONDS, what="every gateway pod to be ready")


def metrics(deployed: Deployed) -> Counter[str]:
    """Of all pods together, by name and labels, as their /metrics have them."""
    found: Counter[str] = Counter()
    for pod in _names(deployed):
        for line in _get(deployed, pod, "/metrics").splitlines():
            if line.startswith("gateway_"):
                name, _, value = line.rpartition(" ")
                found[name] += float(value)  # type: ignore[assignment]
    return found


def log(deployed: Deployed) -> list[dict[str, Any]]:
    """What all pods logged, which must be JSON line by line.

    A line gets there a moment after what it tells of.
    """
    selector = ("--selector", f"app.kubernetes.io/instance={GATEWAY.name}")
    text = deployed.kubectl.text(
        "logs", "-n", deployed.namespace, *selector, "--tail=-1", "--prefix=false"
    )
    return [json.loads(line) for line in text.splitlines()]


def settings(deployed: Deployed) -> dict[str, str]:
    """The environment variables by which the pods were told."""
    data: dict[str, str] = deployed.kubectl.get(
        "configmap", GATEWAY.name, "-n", deployed.namespace
    )["data"]
    return data


def decode_workers(deployed: Deployed) -> set[int]:
    """The processes that decode images, as this machine numbers them."""
    return {
        pid
        for pod in pods_of(deployed, GATEWAY.name)
        for pid, command in processes_of(pod, GATEWAY.name).items()
        if _WORKER_MODULE in command
    }


def _names(deployed: Deployed) -> set[str]:
    return {pod["metadata"]["name"] for pod in pods_of(deployed, GATEWAY.name)}


def _get(deployed: Deployed, pod: str, path: str) -> str:
    """What a pod answers by itself, by way of the API server. Raises `CommandError`."""
    proxy = f"/api/v1/namespaces/{deployed.namespace}/pods/{pod}:{GATEWAY.port}/proxy"
    return deployed.kubectl.text("get", "--raw", f"{proxy}{path}")


def _is_ready(deployed: Deployed, pod: str) -> bool:
    try:
        _get(deployed, pod, "/readyz")
    except CommandError:
        return False
    return True
