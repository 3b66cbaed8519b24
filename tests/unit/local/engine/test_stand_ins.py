"""The genuine plugins preview where they are and where there is an account; else stand-ins do."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from local.engine.stand_ins import PLUGINS, choose_ground, write_stand_ins


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / ".pulumi"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    return tmp_path


def _install(home: Path, *names: str) -> None:
    for name in names:
        plugin = f"resource-{name}-v{version(f'pulumi-{name}')}"
        (home / ".pulumi" / "plugins" / plugin).mkdir(parents=True)


def test_one_missing_plugin_is_enough_and_named(home: Path) -> None:
    _install(home, "aws", "docker-build", "kubernetes")
    ground = choose_ground({"AWS_PROFILE": "me"})
    assert not ground.is_genuine
    assert ground.reason == "not installed: the genuine eks"


def test_plugins_without_credentials_are_not_enough(home: Path) -> None:
    _install(home, *PLUGINS)
    assert "no credentials" in choose_ground({}).reason


@pytest.mark.parametrize(
    "environment", [{"AWS_PROFILE": "me"}, {"AWS_ACCESS_KEY_ID": "AKIA"}], ids=str
)
def test_with_both_it_is_the_genuine_preview(home: Path, environment: dict[str, str]) -> None:
    _install(home, *PLUGINS)
    assert choose_ground(environment).is_genuine


def test_so_it_is_with_a_credentials_file(home: Path) -> None:
    _install(home, *PLUGINS)
    (home / ".aws").mkdir()
    (home / ".aws" / "credentials").touch()
    assert choose_ground({}).is_genuine


def test_every_plugin_gets_a_launcher_and_an_entry_in_the_project(tmp_path: Path) -> None:
    section = write_stand_ins(tmp_path)
    assert [each["name"] for each in section["providers"]] == list(PLUGINS)
    for name in PLUGINS:
        assert (tmp_path / f"pulumi-resource-{name}").stat().st_mode & 0o111
