"""The real program on the test cluster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.cluster.spec import ClusterSpec
from local.engine.plugin import choose_plugin
from local.engine.stack import LocalStack
from local.engine.workspace import prepare_workspace
from local.kubectl import Kubectl
from local.paths import PROJECT
from local.up import Ground
from tests.cluster.second_cluster import second_cluster

# Small enough to be reached within a test, and quick to come down again.
_SCALING = {
    "minReplicas": 2,
    "maxReplicas": 3,
    "cpuTargetPercent": 100,
    "scaleDownWindowSeconds": 15,
}


@dataclass(frozen=True)
class Deployed:
    """The stack as it runs: its ground, its engine and what its first `up` changed."""

    ground: Ground
    stack: LocalStack
    log: Path
    first_changes: dict[str, int]
    outputs: dict[str, Any]

    @property
    def kubectl(self) -> Kubectl:
        return self.ground.kubectl

    @property
    def namespace(self) -> str:
        return str(self.outputs["namespace"])

    @property
    def url(self) -> str:
        return str(self.outputs["gateway_url"])


@pytest.fixture
def brief() -> Iterator[ClusterSpec]:
    """A second cluster beside the test cluster."""
    with second_cluster() as spec:
        yield spec


@pytest.fixture(scope="session")
def deployed(ground: Ground) -> Iterator[Deployed]:
    """The local stack with limits that suit tests; destroyed at the end."""
    engine = ground.spec.paths.engine
    plugin = choose_plugin(engine)
    work = prepare_workspace(engine, plugin, ground.settings(), ground.images.model.reference)
    _set_scaling(work / "Pulumi.local.yaml")
    stack = LocalStack(engine, work, plugin, ground.binaries["pulumi"])
    log = ground.spec.paths.logs / "engine.log"
    changes = stack.up(log)
    yield Deployed(ground, stack, log, changes, stack.outputs())
    stack.destroy(log)


def _set_scaling(stack_file: Path) -> None:
    document = yaml.safe_load(stack_file.read_text())
    document["config"][f"{PROJECT}:models"][0]["scaling"] = _SCALING
    stack_file.write_text(yaml.safe_dump(document, sort_keys=False))
