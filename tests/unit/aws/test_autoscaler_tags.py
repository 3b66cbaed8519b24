"""infra/aws/autoscaler_tags.py: a group without nodes tells what its nodes would be."""

import pytest

from infra.aws.autoscaler_tags import tags_of
from infra.aws.node_group import cpu_spec, gpu_spec
from tests.unit.aws.ground import PREFIX, ZONES
from tests.unit.aws.nodes import AUTOSCALING_TAG, NODE_GROUP, cpu_nodes, gpu_nodes, node_groups
from tests.unit.harness import Program

AUTOSCALER = "k8s.io/cluster-autoscaler/"
TEMPLATE = f"{AUTOSCALER}node-template/"


@pytest.fixture(scope="module")
def program() -> Program:
    return node_groups()


@pytest.fixture(scope="module")
def gpu_tags() -> dict[str, str]:
    return tags_of(gpu_spec(gpu_nodes()), cluster_name=PREFIX, zone=ZONES[1])


class TestFromZero:
    """Without them a pending pod stays so: no group seems to help it."""

    def test_labels(self, gpu_tags: dict[str, str]) -> None:
        assert gpu_tags[f"{TEMPLATE}label/serving/node-group"] == "a10g"
        assert gpu_tags[f"{TEMPLATE}label/nvidia.com/gpu.present"] == "true"
        assert gpu_tags[f"{TEMPLATE}label/k8s.amazonaws.com/accelerator"] == "nvidia-a10g"

    def test_the_zone_by_both_names(self, gpu_tags: dict[str, str]) -> None:
        """A pod with a volume asks by the driver's label."""
        for label in ("topology.kubernetes.io/zone", "topology.ebs.csi.aws.com/zone"):
            assert gpu_tags[f"{TEMPLATE}label/{label}"] == ZONES[1]

    def test_the_taint(self, gpu_tags: dict[str, str]) -> None:
        """As Kubernetes spells it, where the node group says NO_SCHEDULE."""
        assert gpu_tags[f"{TEMPLATE}taint/nvidia.com/gpu"] == "true:NoSchedule"

    def test_resources(self, gpu_tags: dict[str, str]) -> None:
        assert gpu_tags[f"{TEMPLATE}resources/nvidia.com/gpu"] == "1"
        assert gpu_tags[f"{TEMPLATE}resources/ephemeral-storage"] == "100Gi"

    def test_no_gpu_where_there_is_none(self) -> None:
        tags = tags_of(cpu_spec(cpu_nodes()), cluster_name=PREFIX, zone=ZONES[0])
        assert not any("nvidia" in key for key in tags)


def test_the_autoscaler_finds_its_groups(gpu_tags: dict[str, str]) -> None:
    """And by the same tags IAM lets it change them, and no others."""
    assert gpu_tags[f"{AUTOSCALER}enabled"] == "true"
    assert gpu_tags[f"{AUTOSCALER}{PREFIX}"] == "owned"


def test_they_are_on_each_groups_auto_scaling_group(program: Program) -> None:
    """Tags of the node group would stay on it."""
    tagged: dict[str, set[str]] = {}
    for one in program.of_type(AUTOSCALING_TAG):
        keys = tagged.setdefault(one.inputs["autoscalingGroupName"], set())
        keys.add(one.inputs["tag"]["key"])
        assert one.inputs["tag"]["propagateAtLaunch"] is False, one
    assert tagged.keys() == {f"eks-{group.name}" for group in program.of_type(NODE_GROUP)}
    for name, keys in tagged.items():
        assert f"{AUTOSCALER}enabled" in keys, name


def test_keys_and_values_have_a_length_that_aws_takes(gpu_tags: dict[str, str]) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Tag.html"""
    for key, value in gpu_tags.items():
        assert len(key) <= 128 and len(value) <= 256
