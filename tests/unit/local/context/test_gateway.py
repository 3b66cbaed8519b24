"""The gateway is reached as long as it is used, and no longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.context.gateway import forwarded
from local.errors import LocalError
from local.kubectl import Kubectl

# kubectl port-forward prints so (k8s.io/client-go/tools/portforward), an IPv6 line after it.
_FORWARDS = """\
#!/bin/sh
echo $$ >"$0.pid"
echo "Forwarding from 127.0.0.1:45673 -> 9696"
echo "Forwarding from [::1]:45673 -> 9696"
exec sleep 60
"""
_REFUSES = """\
#!/bin/sh
echo 'Error from server (NotFound): services "gateway" not found' >&2
exit 1
"""


def _kubectl(folder: Path, script: str) -> Kubectl:
    program = folder / "kubectl"
    program.write_text(script)
    program.chmod(0o755)
    return Kubectl(program, folder / "kubeconfig")


def test_the_url_is_where_kubectl_listens(tmp_path: Path) -> None:
    kubectl = _kubectl(tmp_path, _FORWARDS)
    with forwarded(kubectl, "image-serving") as url:
        assert url == "http://127.0.0.1:45673"
        process = Path("/proc") / (tmp_path / "kubectl.pid").read_text().strip()
        assert process.exists()
    assert not process.exists()


def test_no_gateway_is_an_error_with_kubectls_reason(tmp_path: Path) -> None:
    with (
        pytest.raises(LocalError, match='services "gateway" not found'),
        forwarded(_kubectl(tmp_path, _REFUSES), "image-serving"),
    ):
        pytest.fail("there is no gateway to use")
