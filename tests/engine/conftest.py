"""The genuine Pulumi engine with the stand-in plugin, against the API server of the test cluster.

`cluster` (tests/conftest.py) gives the kubeconfig and the Pulumi CLI.
"""

from __future__ import annotations

import gc
import os
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from kubernetes import client, config
from kubernetes.client import ApiException

from local.plugins.shared.launching import write_launcher
from local.progress import Progress
from local.toolchain.binaries import ensure_binaries
from local.versions import GO_TOOLS
from tests.engine.workspace import Workspace

REPO_ROOT = Path(__file__).parents[2]
PASSPHRASE = "correct horse battery staple"


class ClusterAccess(Protocol):
    """What these tests need of the fixture `cluster`."""

    @property
    def kubeconfig(self) -> Path: ...

    @property
    def pulumi(self) -> Path: ...


@pytest.fixture(scope="session")
def pulumi_cli(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Pulumi CLI, for tests that need no cluster."""
    tool = [each for each in GO_TOOLS if each.name == "pulumi"]
    with Progress(tmp_path_factory.mktemp("logs")).step("toolchain", "Pulumi") as step:
        return ensure_binaries(step, tool)["pulumi"]


@pytest.fixture
def api(cluster: ClusterAccess) -> Any:
    """The cluster, looked at without the plugin."""
    return config.new_client_from_config(str(cluster.kubeconfig))  # type: ignore[no-untyped-call]


@pytest.fixture
def core(api: Any) -> Any:
    """Untyped like `apps`: the client's types take every field for missing."""
    return client.CoreV1Api(api)


@pytest.fixture
def apps(api: Any) -> Any:
    return client.AppsV1Api(api)


@pytest.fixture
def namespace(core: Any) -> Iterator[str]:
    """A namespace of the test's own, removed with all that is in it."""
    name = f"engine-{uuid.uuid4().hex[:8]}"
    core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=name)))
    yield name
    try:
        core.delete_namespace(name)
    except ApiException as error:
        if error.status != 404:
            raise


@pytest.fixture
def workspace(
    cluster: ClusterAccess, namespace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    """An empty stack whose provider's default namespace is the test's own."""
    for name in ("backend", "project", "home"):
        (tmp_path / name).mkdir()
    launcher = write_launcher(tmp_path / "plugins", Path(sys.executable), REPO_ROOT, "kubernetes")
    folders = (str(launcher.parent), str(cluster.pulumi.parent), os.environ["PATH"])
    # For this process too: the Automation API asks the CLI for its version before all else.
    monkeypatch.setenv("PATH", os.pathsep.join(folders))
    environment = {
        "PATH": os.environ["PATH"],
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }
    # An inline program whose engine gave up leaves coroutines that complain when collected.
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)
    yield Workspace(tmp_path, cluster.kubeconfig, namespace, environment)
    gc.collect()
