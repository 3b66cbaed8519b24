"""A Service is reached as long as it is used, and no longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.labels import GATEWAY
from local.errors import LocalError
from local.kubectl import Kubectl
from local.port_forward import PortForward
from tests.cluster.waiting import eventually

# kubectl port-forward prints so (k8s.io/client-go/tools/portforward), an IPv6 line after it.
_FORWARDS = """\
#!/bin/sh
echo $$ >"$0.pid"
echo "Forwarding from 127.0.0.1:45673 -> 9696"
echo "Forwarding from [::1]:45673 -> 9696"
exec sleep 60
"""
# More than a pipe holds (pipe(7)), a line for each connection.
_IS_USED_MUCH = """\
#!/bin/sh
echo "Forwarding from 127.0.0.1:45673 -> 9696"
yes "Handling connection for 45673" | head -c 300000
touch "$0.served"
exec sleep 60
"""
_REFUSES = """\
#!/bin/sh
echo 'Error from server (NotFound): services "gateway" not found' >&2
exit 1
"""


def _forward(folder: Path, script: str) -> PortForward:
    program = folder / "kubectl"
    program.write_text(script)
    program.chmod(0o755)
    kubectl = Kubectl(program, folder / "kubeconfig")
    return PortForward(kubectl=kubectl, namespace="image-serving", workload=GATEWAY)


def test_the_address_is_where_kubectl_listens(tmp_path: Path) -> None:
    with _forward(tmp_path, _FORWARDS).open() as address:
        assert address == "127.0.0.1:45673"
        process = Path("/proc") / (tmp_path / "kubectl.pid").read_text().strip()
        assert process.exists()
    assert not process.exists()


def test_any_number_of_connections_is_served(tmp_path: Path) -> None:
    served = tmp_path / "kubectl.served"
    with _forward(tmp_path, _IS_USED_MUCH).open():
        eventually(served.exists, timeout_seconds=30, what="all connections to be served")


def test_no_service_is_an_error_with_kubectls_reason(tmp_path: Path) -> None:
    with (
        pytest.raises(LocalError, match='services "gateway" not found'),
        _forward(tmp_path, _REFUSES).open(),
    ):
        pytest.fail("there is no gateway to use")
