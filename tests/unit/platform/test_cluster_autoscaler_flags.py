"""infra/platform/cluster_autoscaler_flags.py: which groups it scales, and how."""

import pytest

from infra.aws.autoscaler_tags import ENABLED_TAG, cluster_tag
from tests.unit.harness import Program
from tests.unit.platform.test_cluster_autoscaler import autoscaler

# FAQ of version 1.35, "What are the parameters to CA?": a misspelt one keeps it from starting.
KNOWN_FLAGS = {
    "balance-similar-node-groups",
    "balancing-ignore-label",
    "cloud-provider",
    "expander",
    "leader-elect",
    "leader-elect-resource-name",
    "namespace",
    "node-group-auto-discovery",
    "skip-nodes-with-local-storage",
    "skip-nodes-with-system-pods",
    "v",
}


@pytest.fixture(scope="module")
def flags() -> list[tuple[str, str]]:
    program: Program = autoscaler()
    (deployment,) = program.all("Deployment")
    (container,) = deployment.spec["template"]["spec"]["containers"]
    pairs = [one.removeprefix("--").split("=", 1) for one in container["args"]]
    return [(name, value) for name, value in pairs]


def test_every_flag_exists(flags: list[tuple[str, str]]) -> None:
    assert {name for name, _ in flags} == KNOWN_FLAGS


def test_only_groups_of_this_cluster(flags: list[tuple[str, str]]) -> None:
    """Both tags: another cluster's groups bear the first."""
    kind, tags = dict(flags)["node-group-auto-discovery"].split(":tag=")
    assert kind == "asg"
    assert tags.split(",") == [ENABLED_TAG, cluster_tag("image-serving-dev")]


def test_zones_grow_in_turns(flags: list[tuple[str, str]]) -> None:
    assert dict(flags)["balance-similar-node-groups"] == "true"


@pytest.mark.parametrize(
    "label",
    ["eks.amazonaws.com/sourceLaunchTemplateId", "topology.k8s.aws/network-node-layer-3"],
)
def test_groups_that_differ_by_their_place_alone_are_alike(
    flags: list[tuple[str, str]], label: str
) -> None:
    assert ("balancing-ignore-label", label) in flags


@pytest.mark.parametrize("kind", ["local-storage", "system-pods"])
def test_nodes_can_go(flags: list[tuple[str, str]], kind: str) -> None:
    """All of our pods have an emptyDir, which by default keeps a node for ever."""
    assert dict(flags)[f"skip-nodes-with-{kind}"] == "false"


def test_it_keeps_its_state_where_it_has_rights(flags: list[tuple[str, str]]) -> None:
    assert dict(flags)["namespace"] == "cluster-autoscaler"
    assert dict(flags)["leader-elect-resource-name"] == "cluster-autoscaler"
