"""infra/aws/node_groups.py: each group once per zone, in private subnets, after the network."""

import pytest

from tests.unit.aws.ground import SUBNETS, ZONES
from tests.unit.aws.nodes import (
    ADD_ON,
    LAUNCH_TEMPLATE,
    NODE_GROUP,
    cpu_nodes,
    gpu_nodes,
    node_groups,
)
from tests.unit.harness import Program


@pytest.fixture(scope="module")
def program() -> Program:
    l40s = gpu_nodes(name="l40s", instanceTypes=["g6e.xlarge"], accelerator="nvidia-l40s")
    return node_groups(gpus=[gpu_nodes(), l40s])


class TestZones:
    """EBS volumes stay in theirs: a group over several would start nodes in the wrong one."""

    def test_each_group_once_in_each(self, program: Program) -> None:
        assert sorted(group.name for group in program.of_type(NODE_GROUP)) == sorted(
            f"nodes-{group}-{zone}" for group in ("cpu", "a10g", "l40s") for zone in ZONES
        )

    def test_in_its_private_subnet_alone(self, program: Program) -> None:
        """Left unsaid they would be in all of the cluster's, public ones among them."""
        for zone in ZONES:
            for group in ("cpu", "a10g", "l40s"):
                subnets = program.one(NODE_GROUP, f"nodes-{group}-{zone}").inputs["subnetIds"]
                assert subnets == [SUBNETS.private_subnet_ids[zone]]

    def test_one_template_for_all(self, program: Program) -> None:
        assert len(program.of_type(LAUNCH_TEMPLATE)) == 3


class TestOrder:
    def test_the_network_stands_before_nodes(self, program: Program) -> None:
        """Without it they never get ready."""
        network = {one.urn for one in program.of_type(ADD_ON)}
        assert len(network) == 3
        for group in program.of_type(NODE_GROUP):
            assert network <= group.depends_on, group


def test_gpus_are_optional() -> None:
    assert len(node_groups(gpus=[]).of_type(NODE_GROUP)) == len(ZONES)


class TestVerticalScaling:
    """A bigger machine is a setting: the old group's nodes go once the new one's are there."""

    def test_another_type(self) -> None:
        bigger = node_groups(cpu=cpu_nodes(instanceTypes=["m7i.2xlarge"]))
        for zone in ZONES:
            group = bigger.one(NODE_GROUP, f"nodes-cpu-{zone}").inputs
            assert group["instanceTypes"] == ["m7i.2xlarge"]


class TestOutputs:
    def test_auto_scaling_groups_by_zone(self, program: Program) -> None:
        """The load balancer's targets."""
        assert program.outputs["autoscaling_group_names"] == {
            zone: f"eks-nodes-cpu-{zone}" for zone in ZONES
        }

    def test_a_preview_shows_all(self, program: Program) -> None:
        shown = {one.urn for one in node_groups(preview=True).resources}
        assert shown == {one.urn for one in node_groups().resources}
