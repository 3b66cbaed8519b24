"""The stack dev lived through by the genuine engine: AWS pretended, the test cluster for EKS."""

from __future__ import annotations

import pytest

from infra.aws.datasets_volume import ZONE_LABEL
from local.progress import Progress
from local.simulation.findings import Findings
from local.simulation.order import RULES
from local.simulation.scenario import Simulation
from local.simulation.settings import committed
from local.up import Ground
from tests.cluster.waiting import eventually
from tests.tutorial.matching import mismatch
from tests.tutorial.pages import TUTORIAL, blocks


@pytest.fixture(scope="module")
def findings(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Findings:
    folder = tmp_path_factory.mktemp("simulated")
    simulation = Simulation(ground, "dev", committed("dev"), folder, is_shared=True)
    return simulation.run(Progress(ground.spec.paths.logs / "simulation"))


def test_every_check_holds(findings: Findings) -> None:
    assert findings.failed == []


def test_the_order_is_looked_at_twice(findings: Findings) -> None:
    looked_at = [text for text in findings.passed if text.startswith(tuple(r.text for r in RULES))]
    assert len(looked_at) == 2 * len(RULES)


def test_the_tutorial_shows_what_was_checked(findings: Findings) -> None:
    [block] = [each for each in blocks(TUTORIAL / "4-eks.md") if each.compared_by]
    [exchange] = block.exchanges()
    assert exchange.command == "make simulate STACK=dev"
    checks = [f"    ok      {text}" for text in findings.passed]
    verdict = f"{len(findings.passed)} checks hold, {len(findings.failed)} failed"
    assert not mismatch(exchange.shown, "\n".join([*checks, verdict]))


def test_the_node_is_as_it_was(findings: Findings, ground: Ground) -> None:
    node = ground.kubectl.get("node", ground.spec.node_name)
    assert "nvidia.com/gpu" not in node["status"]["capacity"]
    assert "serving/node-group" not in node["metadata"]["labels"]
    assert ZONE_LABEL not in node["metadata"]["labels"]
    assert ground.kubectl.get("csidrivers")["items"] == []
    eventually(
        lambda: not ground.kubectl.get("csinode", ground.spec.node_name)["spec"].get("drivers"),
        timeout_seconds=30,
        what="the kubelet to forget the driver of EBS volumes",
    )
