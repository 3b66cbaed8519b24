"""examples/: other teams use the stack by its outputs alone, with Pulumi and without."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.errors import LocalError
from local.simulation.consumer import ConsumerStack, fill_volume, labels
from tests.cluster.conftest import Deployed
from tests.cluster.test_shell_example import SCRIPT


@dataclass(frozen=True)
class Consumed:
    """The other team's stack after its `up`, whose job has ended."""

    stack: ConsumerStack
    outputs: dict[str, Any]


@pytest.fixture(scope="module")
def outputs(deployed: Deployed) -> str:
    """What `pulumi stack output --json` prints."""
    return json.dumps(deployed.outputs)


@pytest.fixture(scope="module")
def expected(deployed: Deployed) -> dict[str, str]:
    """The class that each held-out image shows, by file."""
    return labels(deployed.ground)


@pytest.fixture(scope="module")
def consumed(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consumed]:
    """With the held-out images on the datasets volume."""
    fill_volume(deployed.ground, deployed.outputs)
    folder = tmp_path_factory.mktemp("consumer")
    stack = ConsumerStack(folder / "work", deployed.stack.handle, {"table": "digits.csv"})
    yield Consumed(stack, stack.up(deployed.log))
    stack.destroy(deployed.log)


def classify(outputs: str, *images: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SCRIPT, *images], input=outputs, capture_output=True, text=True, check=False
    )


class TestPulumiProject:
    """A batch job classifies a folder of the datasets volume through the service."""

    def test_every_image_has_the_class_that_it_shows(
        self, deployed: Deployed, consumed: Consumed, expected: dict[str, str]
    ) -> None:
        show = consumed.outputs["show_table"].split()
        assert show[0] == "kubectl"
        rows = csv.DictReader(deployed.kubectl.text(*show[1:]).splitlines())
        found = {Path(row["image"]).name: (row["class_1"], row["error"]) for row in rows}
        assert found == {file: (label, "") for file, label in expected.items()}

    def test_it_is_a_pod_of_the_restricted_namespace(
        self, deployed: Deployed, consumed: Consumed
    ) -> None:
        namespace = deployed.kubectl.get("namespace", deployed.namespace)
        labels = namespace["metadata"]["labels"]
        assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
        job = deployed.kubectl.get("job", consumed.outputs["job"], "-n", deployed.namespace)
        assert job["status"]["succeeded"] == 1

    def test_a_missing_stack_is_named(self, deployed: Deployed, tmp_path: Path) -> None:
        settings = {"serving": "organization/image-serving/nowhere"}
        stack = ConsumerStack(tmp_path / "work", deployed.stack.handle, settings, name="lost")
        with pytest.raises(LocalError, match="organization/image-serving/nowhere"):
            stack.up(deployed.log)


class TestShell:
    """Without Pulumi: a script, and what `pulumi stack output --json` printed."""

    def test_it_classifies_files(
        self, deployed: Deployed, outputs: str, expected: dict[str, str]
    ) -> None:
        images = [deployed.ground.samples / file for file in expected]
        done = classify(outputs, *images)
        assert (done.returncode, done.stderr) == (0, "")
        rows = (line.split("\t") for line in done.stdout.splitlines())
        assert {Path(image).name: label for image, label, _ in rows} == expected

    def test_an_image_that_is_none(self, outputs: str, tmp_path: Path) -> None:
        broken = tmp_path / "broken.png"
        broken.write_text("no image")
        done = classify(outputs, broken)
        assert done.returncode == 1
        assert "[unsupported-image] (415)" in done.stderr
