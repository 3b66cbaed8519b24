"""Which plugin drives the stack, and never two of them one state."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from local.engine.plugin import KubernetesPlugin, choose_plugin, refuse_foreign_state
from local.errors import LocalError
from local.plugins.shared.marking import MARKED, MARKER, PROVIDER_TYPE
from tests.fault_table import matches


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    return tmp_path / "home"


class TestChoice:
    """The genuine plugin is used where it is installed."""

    def test_from_the_plugin_cache(self, home: Path, tmp_path: Path) -> None:
        installed = version("pulumi-kubernetes")
        (home / "plugins" / f"resource-kubernetes-v{installed}").mkdir(parents=True)
        plugin = choose_plugin(tmp_path / "engine")
        assert plugin.is_genuine
        assert plugin.pulumi_home == home

    def test_from_path(self, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        program = tmp_path / "bin" / "pulumi-resource-kubernetes"
        program.parent.mkdir()
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
        assert choose_plugin(tmp_path / "engine").is_genuine

    def test_else_the_stand_in_which_says_so(self, home: Path, tmp_path: Path) -> None:
        plugin = choose_plugin(tmp_path / "engine")
        assert "STAND-IN" in plugin.description
        assert plugin.folder is not None
        assert (plugin.folder / "pulumi-resource-kubernetes").stat().st_mode & 0o111

    def test_a_stack_of_the_stand_in_keeps_it_when_another_one_brings_the_genuine(
        self, home: Path, tmp_path: Path
    ) -> None:
        (home / "plugins" / f"resource-kubernetes-v{version('pulumi-kubernetes')}").mkdir(
            parents=True
        )
        engine = tmp_path / "engine"
        checkpoint = engine / "backend" / ".pulumi" / "stacks" / "image-serving" / "local.json"
        checkpoint.parent.mkdir(parents=True)
        latest = _state({MARKER: MARKED})["deployment"]
        checkpoint.write_text(json.dumps({"checkpoint": {"latest": latest}}))
        plugin = choose_plugin(engine)
        assert not plugin.is_genuine
        refuse_foreign_state(plugin, {"deployment": latest})


def _state(inputs: dict[str, str]) -> dict[str, Any]:
    return {"deployment": {"resources": [{"type": PROVIDER_TYPE, "inputs": inputs}]}}


class TestForeignState:
    """A state made by one plugin is not silently driven with the other."""

    @pytest.mark.parametrize(
        ("folder", "state", "refused"),
        [
            (None, _state({}), False),
            (None, _state({MARKER: MARKED}), True),
            (Path("/plugins"), _state({MARKER: MARKED}), False),
            (Path("/plugins"), _state({}), True),
            (None, {"deployment": {}}, False),
            (Path("/plugins"), {"deployment": {}}, False),
        ],
        ids=["genuine", "genuine on ours", "stand-in", "stand-in on genuine", "new", "new, ours"],
    )
    def test_refusal(self, folder: Path | None, state: dict[str, Any], refused: bool) -> None:
        plugin = KubernetesPlugin(folder=folder, pulumi_home=Path("/home"))
        if refused:
            with pytest.raises(LocalError, match="make down PURGE=1"):
                refuse_foreign_state(plugin, state)
        else:
            refuse_foreign_state(plugin, state)

    def test_the_plugin_that_is_missing_is_named_with_its_installation(self) -> None:
        plugin = KubernetesPlugin(folder=Path("/plugins"), pulumi_home=Path("/home"))
        with pytest.raises(LocalError) as caught:
            refuse_foreign_state(plugin, _state({}))
        assert matches("state of the genuine plugin", str(caught.value))
        assert f"resource kubernetes {version('pulumi-kubernetes')})" in str(caught.value)
