"""What is dropped when no policy engine accepts it, and what a kernel without the means says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from local.cluster import addons
from local.cluster.pod_traffic import close_pod_traffic
from local.cluster.sandbox import Sandbox
from local.errors import LocalError


@dataclass(frozen=True)
class _Kernel(Sandbox):
    """Records commands instead of running them; those that mention `failing` fail."""

    record: Path
    failing: str

    def command(self, *command: str | Path) -> list[str]:
        line = " ".join(map(str, command))
        code = 1 if self.failing in line else 0
        script = 'echo "$1" >> "$2"; exit $3'
        return ["sh", "-c", script, "sh", line, str(self.record), str(code)]


class TestClosing:
    """Both address families are closed, once."""

    def test_rules_that_are_missing_are_added(self, tmp_path: Path) -> None:
        record = tmp_path / "commands"
        close_pod_traffic(_Kernel(0, record, failing="--check"))
        commands = record.read_text()
        for iptables in ("iptables", "ip6tables"):
            assert f"{iptables} --policy FORWARD DROP\n" in commands
            assert f"{iptables} --append INPUT -i pods" in commands

    def test_rules_that_stand_are_not_added_again(self, tmp_path: Path) -> None:
        record = tmp_path / "commands"
        close_pod_traffic(_Kernel(0, record, failing="nothing of this name"))
        assert "--append" not in record.read_text()

    def test_a_kernel_that_cant_filter_a_bridge_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(LocalError, match="modprobe br_netfilter"):
            close_pod_traffic(_Kernel(0, tmp_path / "commands", failing="sysctl"))


def test_the_engine_may_only_read() -> None:
    manifest = Path(addons.__file__).parent / "manifests" / "network-policies.yaml"
    role = next(yaml.safe_load_all(manifest.read_text()))
    assert {verb for rule in role["rules"] for verb in rule["verbs"]} == {"get", "list", "watch"}
    assert not any("secrets" in rule["resources"] for rule in role["rules"])
