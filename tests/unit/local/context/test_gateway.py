"""The gateway of a stack on a context: its URL here, and the command that a user is shown."""

from __future__ import annotations

from pathlib import Path

from local.context.gateway import forwarded, gateway_forward
from local.kubectl import Kubectl

_FORWARDS = """\
#!/bin/sh
echo "Forwarding from 127.0.0.1:45673 -> 9696"
exec sleep 60
"""


def test_the_url_is_where_kubectl_listens(tmp_path: Path) -> None:
    program = tmp_path / "kubectl"
    program.write_text(_FORWARDS)
    program.chmod(0o755)
    with forwarded(Kubectl(program, tmp_path / "kubeconfig"), "image-serving") as url:
        assert url == "http://127.0.0.1:45673"


def test_the_command_that_is_shown_leads_to_the_gateways_port() -> None:
    kubectl = Kubectl(Path("/bin/kubectl"), Path("/home/me/kubeconfig"))
    shown = " ".join(gateway_forward(kubectl, "vision").command("8080"))
    assert shown.startswith("/bin/kubectl ")
    assert shown.endswith("port-forward --namespace vision service/gateway 8080:9696")
