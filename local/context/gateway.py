"""The gateway of a stack on any cluster, reached through its API server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from infra.labels import GATEWAY
from local.kubectl import Kubectl
from local.port_forward import PortForward


def gateway_forward(kubectl: Kubectl, namespace: str) -> PortForward:
    return PortForward(kubectl=kubectl, namespace=namespace, workload=GATEWAY)


@contextmanager
def forwarded(kubectl: Kubectl, namespace: str) -> Iterator[str]:
    """The gateway's URL on this machine, as long as it is used.

    Raises `LocalError` when the API server leads to no gateway.
    """
    with gateway_forward(kubectl, namespace).open() as address:
        yield f"http://{address}"
