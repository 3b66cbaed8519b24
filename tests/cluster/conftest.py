"""The real program on the test cluster."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
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
from local.models import exported_model
from local.paths import PROJECT
from local.publish import publish
from local.up import Ground
from tests.cluster.asking import Client
from tests.cluster.image_source import ImageSource, running_source
from tests.cluster.second_cluster import second_cluster
from tests.cluster.waiting import eventually
from tests.conftest import CLUSTER

# Small enough to be reached within a test, and quick to come down again.
_SCALING = {
    "minReplicas": 2,
    "maxReplicas": 3,
    "cpuTargetPercent": 100,
    "scaleDownWindowSeconds": 15,
}
# What pods did is counted before and after: none comes or goes by itself.
_GATEWAY_SCALING = {"minReplicas": 2, "maxReplicas": 2}
# Old versions go at once.
_SOURCE = {"bucketUrl": "s3://models/digits", "pollSeconds": 2, "keepVersions": 1}
_MODELS = f"{PROJECT}:models"
MODEL_PODS = ("model-digits-0", "model-digits-1")


@dataclass(frozen=True)
class Deployed:
    """The stack as it runs: its ground, its engine and what its first `up` changed."""

    ground: Ground
    stack: LocalStack
    stack_file: Path
    log: Path
    first_changes: dict[str, int]
    outputs: dict[str, Any]

    @property
    def kubectl(self) -> Kubectl:
        return self.ground.kubectl

    @property
    def namespace(self) -> str:
        return str(self.outputs["namespace"])

    def configure(self, settings: Mapping[str, Any]) -> dict[str, int]:
        """Other values for keys of the stack file, and `pulumi up`."""
        _set(self.stack_file, settings)
        return self.stack.up(self.log)

    def serve(self, models: list[dict[str, Any]]) -> dict[str, int]:
        """Other models, as an edit of the stack file and `pulumi up` bring them."""
        return self.configure({"models": models})

    @property
    def models(self) -> list[dict[str, Any]]:
        """As the stack file has them."""
        models: list[dict[str, Any]] = yaml.safe_load(self.stack_file.read_text())["config"][
            _MODELS
        ]
        return models

    def label_versions(self, **versions: int) -> dict[str, int]:
        """Moves the model's labels, as an edit of the stack file and `pulumi up` do."""
        _set_model(self.stack_file, versions=versions)
        return self.stack.up(self.log)

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
    stack_file = work / "Pulumi.local.yaml"
    _set(stack_file, {"gatewayScaling": _GATEWAY_SCALING})
    _set_model(stack_file, scaling=_SCALING, versions={"stable": 1}, source=_SOURCE)
    stack = LocalStack(engine, work, plugin, ground.binaries["pulumi"])
    log = ground.spec.paths.logs / "engine.log"
    changes = stack.up(log)
    yield Deployed(ground, stack, stack_file, log, changes, stack.outputs())
    stack.destroy(log)


@pytest.fixture(scope="session")
def published(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Version 2 in the bucket, which is version 1 under another number."""
    folder = tmp_path_factory.mktemp("export") / "digits" / "2"
    shutil.copytree(exported_model() / "digits" / "1", folder)
    assert publish(CLUSTER, folder) == 0
    return folder


@pytest.fixture(scope="session")
def source(deployed: Deployed) -> Iterator[ImageSource]:
    """A web server for images inside of the cluster, where the gateway may fetch them."""
    ground = deployed.ground
    image = ground.images.gateway.reference
    with running_source(deployed.kubectl, ground.samples, image, deployed.log) as source:
        # Its name and the way to it take a moment.
        eventually(
            lambda: Client(deployed.url).post("/predict", {"url": source.of("0")}).status == 200,
            timeout_seconds=60,
            what="the gateway to reach the image source",
        )
        yield source


def pods_of(
    deployed: Deployed, workload: str, *, with_leaving: bool = False
) -> list[dict[str, Any]]:
    """Of them, those that have not been told to go, unless all are wanted."""
    selector = f"app.kubernetes.io/instance={workload}"
    pods = deployed.kubectl.get("pods", "-n", deployed.namespace, "-l", selector)["items"]
    return [pod for pod in pods if with_leaving or "deletionTimestamp" not in pod["metadata"]]


def ready_pods(deployed: Deployed, workload: str) -> set[str]:
    """Names of the pods of a workload that are ready."""
    return {
        pod["metadata"]["name"]
        for pod in pods_of(deployed, workload)
        for condition in pod["status"].get("conditions", [])
        if (condition["type"], condition["status"]) == ("Ready", "True")
    }


def restarts(deployed: Deployed, workload: str) -> dict[str, int]:
    """How often the containers of each pod of a workload were restarted, by the pod's uid."""
    return {pod["metadata"]["uid"]: container_restarts(pod) for pod in pods_of(deployed, workload)}


def container_restarts(pod: Mapping[str, Any]) -> int:
    """How often its containers were restarted, all together."""
    return sum(each["restartCount"] for each in pod["status"]["containerStatuses"])


def versions_on_volume(deployed: Deployed, pod: str) -> list[str]:
    """The names in the model's folder of a pod's volume, without those that begin with a dot."""
    listing = ("exec", "-n", deployed.namespace, pod, "-c", "server", "--", "ls", "/models/digits")
    return deployed.kubectl.text(*listing).split()


def _set(stack_file: Path, settings: Mapping[str, Any]) -> None:
    document = yaml.safe_load(stack_file.read_text())
    document["config"] |= {f"{PROJECT}:{key}": value for key, value in settings.items()}
    stack_file.write_text(yaml.safe_dump(document, sort_keys=False))


def _set_model(stack_file: Path, **settings: Any) -> None:
    document = yaml.safe_load(stack_file.read_text())
    document["config"][_MODELS][0].update(settings)
    stack_file.write_text(yaml.safe_dump(document, sort_keys=False))
