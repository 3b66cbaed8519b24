"""The stack on a cluster that somebody already has, with its images from a genuine registry.

The cluster is one of our own, but all that is used of it is its kubeconfig. Of the images only the
model server's is there beforehand, as a published one would be.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.context.identity import Context
from local.paths import REPO
from local.up import Ground
from tests.cluster.waiting import eventually
from tests.fault_table import matches
from tests.faults.registry import registry

_TIMEOUT_SECONDS = 600


@dataclass(frozen=True)
class Person:
    """Somebody with a kubeconfig, who calls the verbs."""

    ground: Ground
    images: str
    kubeconfig: Path
    before: set[str]  # the cluster's objects

    @property
    def context(self) -> Context:
        return Context(self.ground.spec.context)

    def up(self, *options: str) -> subprocess.CompletedProcess[str]:
        server = self.ground.images.model_server.reference
        return self._verb(
            "up", f"--images={self.images}", f"--model-server-image={server}", *options
        )

    def down(self, *options: str) -> subprocess.CompletedProcess[str]:
        return self._verb("down", *options)

    def status(self) -> subprocess.CompletedProcess[str]:
        return self._verb("status", "--once")

    def _verb(self, verb: str, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "local", f"--context={self.context.name}", verb, *options],
            capture_output=True,
            text=True,
            cwd=REPO,
            env={**os.environ, "KUBECONFIG": str(self.kubeconfig)},
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )


@pytest.fixture(scope="module")
def person(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    with registry(tmp_path_factory.mktemp("registry"), ground.spec) as host:
        person = Person(
            ground,
            f"registry:http://{host}/team",
            ground.kubectl.kubeconfig,
            _everything(ground),
        )
        yield person
        person.down("--purge", "--yes")


@pytest.fixture(scope="module")
def first(person: Person) -> subprocess.CompletedProcess[str]:
    return person.up()


def _everything(ground: Ground) -> set[str]:
    kinds = "namespaces,clusterroles,clusterrolebindings,storageclasses,persistentvolumes"
    return set(ground.kubectl.text("get", kinds, "-o", "name").split())


class TestContext:
    """From a kubeconfig to classified images, and back to the cluster as it was."""

    def test_the_stack_comes_up_and_is_proven(
        self, first: subprocess.CompletedProcess[str]
    ) -> None:
        assert first.returncode == 0, first.stdout + first.stderr
        assert "sent 2" in first.stdout
        assert "10 of 10 images are right" in first.stdout

    def test_pods_run_images_from_the_registry(
        self, person: Person, first: subprocess.CompletedProcess[str]
    ) -> None:
        pods = person.ground.kubectl.get("pods", "-n", "image-serving")["items"]
        images = {c["image"] for pod in pods for c in pod["spec"]["containers"]}
        prefix = person.images.removeprefix("registry:http://")
        assert person.ground.images.model_server.reference in images
        assert any(image.startswith(f"{prefix}/gateway:") for image in images)

    def test_a_second_run_changes_nothing(
        self, person: Person, first: subprocess.CompletedProcess[str]
    ) -> None:
        second = person.up()
        assert second.returncode == 0, second.stdout + second.stderr
        assert "sent 0" in second.stdout
        assert "no change" in second.stdout

    def test_status_shows_it(self, person: Person, first: subprocess.CompletedProcess[str]) -> None:
        status = person.status()
        assert status.returncode == 0, status.stdout + status.stderr
        assert "model-digits-0" in status.stdout
        assert "kube-system" not in status.stdout

    def test_another_machine_does_not_take_the_namespace_over(
        self, person: Person, first: subprocess.CompletedProcess[str], tmp_path: Path
    ) -> None:
        with pytest.MonkeyPatch.context() as elsewhere:
            elsewhere.setenv("XDG_STATE_HOME", str(tmp_path))
            refused = person.up()
        assert refused.returncode == 1
        assert matches("namespace that is taken", refused.stderr.strip().removeprefix("error: "))

    def test_down_leaves_the_cluster_as_it_was(
        self, person: Person, first: subprocess.CompletedProcess[str]
    ) -> None:
        assert "namespace/image-serving" in _everything(person.ground)
        down = person.down()
        assert down.returncode == 0, down.stdout + down.stderr
        assert not person.context.has_stack

        def as_before() -> bool:
            return _everything(person.ground) == person.before

        eventually(as_before, timeout_seconds=60, what="the objects of before")
        assert person.ground.kubectl.text("get", "--raw", "/readyz") == "ok"
