"""Facts about machine and cluster."""

from __future__ import annotations

from pathlib import Path

import pytest

from local import versions
from local.bundle import facts
from local.cluster.spec import ClusterSpec


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClusterSpec:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    spec = ClusterSpec(name="local", index=0, gateway_port=9696)
    spec.paths.config.mkdir(parents=True)
    return spec


def test_kernel_memory_and_disk_are_told(spec: ClusterSpec) -> None:
    [entry] = facts.machine(spec)
    assert "Linux" in entry.text
    assert "MemAvailable" in entry.text
    assert f"{spec.paths.root}: " in entry.text


def test_pinned_versions_are_told() -> None:
    [entry] = facts.used_versions()
    assert f"Kubernetes   {versions.KUBERNETES}" in entry.text


def test_a_configuration_is_shown_and_a_kubeconfig_is_not(spec: ClusterSpec) -> None:
    (spec.paths.config / "kubelet.yaml").write_text("kind: KubeletConfiguration\n")
    (spec.paths.config / "kubelet.kubeconfig").write_text("kind: Config\n")
    found = {each.path: each.text for each in facts.cluster_facts(spec)}
    assert set(found) == {"components.txt", "configuration/kubelet.yaml"}
    assert "does not run" in found["components.txt"]
