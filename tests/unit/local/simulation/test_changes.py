"""What a change may touch: journals in which it touches too much, or too little, are found."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi.automation import OpType

from local.simulation.changes import ALL, Change
from local.simulation.journal import Journal
from tests.unit.local.simulation.journals import (
    AUTOSCALER,
    CLUSTER,
    CPU_NODES,
    GATEWAY,
    GPU_NODES,
    KUBE_PROXY,
    Resource,
    begins,
    ends,
    journal_of,
    one_by_one,
)

KUBERNETES, GPU_TYPE, SETTING = ALL
TAG = ("aws:autoscaling/tag:Tag", "nodes-gpu-eu-west-1a-enabled")


def broken(change: Change, journal: Journal) -> list[str]:
    return [str(each) for _, contradictions in change.checks(journal) for each in contradictions]


def updated(*resources: Resource) -> Journal:
    return one_by_one(*resources, op=OpType.UPDATE)


class TestKubernetes:
    """A newer version is an update in place, of the control plane first."""

    NODES = (CPU_NODES, GPU_NODES)

    def test_everything_that_has_a_version(self) -> None:
        journal = updated(CLUSTER, KUBE_PROXY, *self.NODES, AUTOSCALER)
        assert broken(KUBERNETES, journal) == []

    def test_nodes_left_behind(self) -> None:
        assert broken(KUBERNETES, updated(CLUSTER, KUBE_PROXY, CPU_NODES, AUTOSCALER)) == [
            "GPU nodes: unchanged"
        ]

    def test_nodes_before_their_control_plane(self) -> None:
        journal = updated(*self.NODES, CLUSTER, KUBE_PROXY, AUTOSCALER)
        assert len(broken(KUBERNETES, journal)) == 2  # each of the groups

    def test_a_rollout_of_the_gateway(self) -> None:
        journal = updated(CLUSTER, KUBE_PROXY, *self.NODES, AUTOSCALER, GATEWAY)
        assert broken(KUBERNETES, journal) == ["Deployment gateway-deployment"]


class TestGpuType:
    """Another type is other nodes, and the old ones go when the new ones are there."""

    def replaced(self, *resources: Resource) -> Journal:
        steps = (OpType.CREATE_REPLACEMENT, OpType.REPLACE, OpType.DELETE_REPLACED)
        return self.stepwise(*resources, steps=steps)

    def stepwise(self, *resources: Resource, steps: Sequence[OpType]) -> Journal:
        return journal_of(
            *(event(each, op) for op in steps for each in resources for event in (begins, ends))
        )

    def test_their_groups_and_tags(self) -> None:
        assert broken(GPU_TYPE, self.replaced(GPU_NODES, TAG)) == []

    def test_nothing_replaced(self) -> None:
        assert broken(GPU_TYPE, updated(GPU_NODES))

    def test_the_old_ones_first(self) -> None:
        steps = (OpType.DELETE_REPLACED, OpType.REPLACE, OpType.CREATE_REPLACEMENT)
        [found] = broken(GPU_TYPE, self.stepwise(GPU_NODES, steps=steps))
        assert "began to go before" in found

    def test_cpu_nodes_too(self) -> None:
        assert "NodeGroup nodes-cpu-eu-west-1a" in broken(
            GPU_TYPE, self.replaced(GPU_NODES, CPU_NODES)
        )


class TestSetting:
    """A setting of the gateway rolls the gateway."""

    def test_the_gateway_alone(self) -> None:
        assert broken(SETTING, updated(GATEWAY)) == []

    def test_nothing_at_all(self) -> None:
        assert broken(SETTING, journal_of()) == ["its Deployment: unchanged"]

    def test_other_pods_too(self) -> None:
        model = ("kubernetes:apps/v1:StatefulSet", "model-digits-stateful-set")
        assert broken(SETTING, updated(GATEWAY, model)) == ["StatefulSet model-digits-stateful-set"]
