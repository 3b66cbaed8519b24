"""The kubeconfig says itself that its cluster is pretended, unless a real one stands in."""

from __future__ import annotations

from pathlib import Path

import yaml

from local.plugins.eks.kubeconfig import kubeconfig
from local.plugins.kubernetes.kubeconfig import pretended_kubernetes
from local.plugins.shared.mode import Mode

ARN = "arn:aws:eks:eu-central-1:123456789012:cluster/main"


def test_it_tells_the_kubernetes_stand_in_the_version() -> None:
    made = kubeconfig("main", ARN, "https://x", "Q0E=", "1.34", Mode())
    assert pretended_kubernetes({"kubeconfig": yaml.safe_dump(made)}) == "1.34"


def test_credentials_come_from_the_aws_command_line_and_none_is_inside() -> None:
    made = kubeconfig("main", ARN, "https://x", "Q0E=", "1.34", Mode())
    [user] = made["users"]
    assert user["user"]["exec"]["command"] == "aws"
    assert "eu-central-1" in user["user"]["exec"]["args"]
    assert set(user["user"]) == {"exec"}


def test_a_real_cluster_stands_in(tmp_path: Path) -> None:
    given = {
        "clusters": [{"name": "local", "cluster": {"server": "https://10.0.0.1"}}],
        "contexts": [{"name": "local", "context": {"cluster": "local", "user": "admin"}}],
        "current-context": "local",
    }
    file = tmp_path / "kubeconfig"
    file.write_text(yaml.safe_dump(given))
    made = kubeconfig("main", ARN, "https://x", "Q0E=", "1.34", Mode(kubeconfig=file))
    assert made == given
    assert pretended_kubernetes({"kubeconfig": yaml.safe_dump(made)}) is None
