"""The genuine plugin is installed where it can be had, and never swapped in under a stack."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from local.engine.plugin import choose_plugin, our_home
from local.engine.plugin_install import install_genuine_plugin
from local.plugins.shared.marking import MARKED, MARKER, PROVIDER_TYPE
from local.progress import Progress, Step

_NOBODY = "http://127.0.0.1:9/"

# `pulumi plugin install KIND NAME VERSION`, which makes PULUMI_HOME/plugins/KIND-NAME-vVERSION:
# https://www.pulumi.com/docs/iac/cli/commands/pulumi_plugin_install/
_PULUMI = """#!/bin/sh
[ "$1 $2" = "plugin install" ] && [ $# = 5 ] || exit 255
mkdir -p "$PULUMI_HOME/plugins/$3-$4-v$5"
"""


@pytest.fixture
def step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Step]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    with Progress(tmp_path / "logs").step("engine", "up") as step:
        yield step


@pytest.fixture
def site() -> Iterator[str]:
    """It knows the plugins, but not what a bare look asks for, as the genuine one."""
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def engine(tmp_path: Path) -> Path:
    return tmp_path / "engine"


def _pulumi(folder: Path, script: str = _PULUMI) -> Path:
    program = folder / "pulumi"
    program.write_text(script)
    program.chmod(0o755)
    return program


def test_it_is_installed_into_a_folder_of_our_own(
    engine: Path, site: str, step: Step, tmp_path: Path
) -> None:
    install_genuine_plugin(engine, _pulumi(tmp_path), step, site=site)
    plugin = choose_plugin(engine)
    assert plugin.is_genuine
    assert plugin.pulumi_home == our_home()
    installed = our_home() / "plugins" / f"resource-kubernetes-v{version('pulumi-kubernetes')}"
    assert installed.is_dir()
    assert not (tmp_path / "home").exists()


def test_without_its_site_the_stand_in_is_used(engine: Path, step: Step, tmp_path: Path) -> None:
    install_genuine_plugin(engine, _pulumi(tmp_path), step, site=_NOBODY)
    assert not choose_plugin(engine).is_genuine
    assert "can't be reached" in step.log.read_text()


def test_a_failed_installation_is_said_and_the_stand_in_used(
    engine: Path, site: str, step: Step, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install_genuine_plugin(engine, _pulumi(tmp_path, "#!/bin/sh\nexit 255\n"), step, site=site)
    assert not choose_plugin(engine).is_genuine
    assert "going on without it (pulumi failed with exit code 255" in capsys.readouterr().out


def test_a_stack_of_the_stand_in_keeps_it(
    engine: Path, site: str, step: Step, tmp_path: Path
) -> None:
    provider = {"type": PROVIDER_TYPE, "inputs": {MARKER: MARKED}}
    checkpoint = engine / "backend" / ".pulumi" / "stacks" / "image-serving" / "local.json"
    checkpoint.parent.mkdir(parents=True)
    checkpoint.write_text(json.dumps({"checkpoint": {"latest": {"resources": [provider]}}}))
    install_genuine_plugin(engine, _pulumi(tmp_path), step, site=site)
    assert not choose_plugin(engine).is_genuine
