"""infra/aws/node_group.py: groups that can be scaled, upgraded and replaced."""

from typing import Any

import pytest

from infra.aws.node_group import gpu_spec
from infra.settings.aws.nodes import MAX_GROUP_NAME_LENGTH
from tests.unit.aws.ground import ZONES
from tests.unit.aws.nodes import NODE_GROUP, cpu_nodes, gpu_nodes, node_groups
from tests.unit.harness import Program

CPU = f"nodes-cpu-{ZONES[0]}"
GPU = f"nodes-a10g-{ZONES[0]}"


@pytest.fixture(scope="module")
def program() -> Program:
    return node_groups(cpu=cpu_nodes(minNodes=2, maxNodes=5), gpus=[gpu_nodes(maxNodes=3)])


@pytest.fixture(scope="module")
def cpu(program: Program) -> dict[str, Any]:
    return program.one(NODE_GROUP, CPU).inputs


@pytest.fixture(scope="module")
def gpu(program: Program) -> dict[str, Any]:
    return program.one(NODE_GROUP, GPU).inputs


class TestImage:
    """The standard image has no driver: nodes join, and offer no GPU."""

    def test_with_a_driver_for_gpus(self, gpu: dict[str, Any]) -> None:
        assert gpu["amiType"] == "AL2023_x86_64_NVIDIA"

    def test_the_standard_one_else(self, cpu: dict[str, Any]) -> None:
        assert cpu["amiType"] == "AL2023_x86_64_STANDARD"


class TestVersion:
    """With a launch template EKS takes none from the cluster, and upgrades stall."""

    def test_is_the_clusters(self) -> None:
        for group in node_groups(kubernetes_version="1.36").of_type(NODE_GROUP):
            assert group.inputs["version"] == "1.36", group

    def test_of_the_template_too(self, gpu: dict[str, Any]) -> None:
        """As text; `$Latest` would let a changed template do nothing."""
        assert gpu["launchTemplate"] == {"id": "nodes-a10g-id", "version": "1"}

    def test_what_eks_refuses_beside_a_template(self, gpu: dict[str, Any]) -> None:
        assert gpu.keys().isdisjoint({"diskSize", "remoteAccess"})


class TestScaling:
    def test_gpus_from_none(self, gpu: dict[str, Any]) -> None:
        assert gpu["scalingConfig"] == {"minSize": 0, "maxSize": 3, "desiredSize": 0}

    def test_cpus_from_the_least(self, cpu: dict[str, Any]) -> None:
        assert cpu["scalingConfig"] == {"minSize": 2, "maxSize": 5, "desiredSize": 2}

    def test_the_autoscalers_number_is_left_alone(self, program: Program) -> None:
        """Else every `up` would send nodes away under their pods."""
        for group in program.of_type(NODE_GROUP):
            assert group.options.ignore_changes == ("scalingConfig.desiredSize",), group

    def test_spot_where_it_is_asked_for(self) -> None:
        program = node_groups(gpus=[gpu_nodes(capacityType="SPOT")])
        assert program.one(NODE_GROUP, GPU).inputs["capacityType"] == "SPOT"
        assert program.one(NODE_GROUP, CPU).inputs["capacityType"] == "ON_DEMAND"


class TestPodsThatComeHere:
    def test_only_those_that_bear_the_taint(self, gpu: dict[str, Any]) -> None:
        (taint,) = gpu["taints"]
        assert taint == {"key": "nvidia.com/gpu", "value": "true", "effect": "NO_SCHEDULE"}

    def test_the_device_plugin_finds_the_node(self, gpu: dict[str, Any]) -> None:
        """Without the label it has 0 pods, and says nothing."""
        assert gpu["labels"] == {
            "serving/node-group": "a10g",
            "nvidia.com/gpu.present": "true",
            "k8s.amazonaws.com/accelerator": "nvidia-a10g",
        }

    def test_all_others_go_to_the_cpu_group(self, cpu: dict[str, Any]) -> None:
        assert "taints" not in cpu
        assert cpu["labels"] == {"serving/node-group": "cpu"}


class TestChange:
    """Another instance type is another group: it has to stand before the old one goes."""

    def test_names_leave_room_for_both(self, gpu: dict[str, Any]) -> None:
        assert gpu["nodeGroupNamePrefix"] == "a10g-eu-west-1a-"
        assert "nodeGroupName" not in gpu

    def test_the_longest_name_fits(self) -> None:
        """37 characters, before those that make it unique."""
        assert MAX_GROUP_NAME_LENGTH + len("-ap-southeast-2a-") <= 37

    def test_one_node_after_the_other(self, program: Program) -> None:
        for group in program.of_type(NODE_GROUP):
            assert group.inputs["updateConfig"] == {"maxUnavailable": 1}, group

    def test_there_is_time_for_it(self, program: Program) -> None:
        for group in program.of_type(NODE_GROUP):
            assert group.options.timeouts.keys() == {"create", "update", "delete"}, group

    def test_broken_nodes_are_replaced(self, program: Program) -> None:
        for group in program.of_type(NODE_GROUP):
            assert group.inputs["nodeRepairConfig"] == {"enabled": True}, group


def test_a_shared_gpu_is_offered_as_often_as_it_is_shared() -> None:
    """The autoscaler would else start a node for each pod."""
    shared = gpu_spec(gpu_nodes(gpusPerNode=2, podsPerGpu=3))
    assert shared.resources["nvidia.com/gpu"] == "6"
