"""infra/aws/launch_template.py: encrypted disks; no pod gets at the node's credentials."""

from typing import Any

import pytest

from tests.unit.aws.nodes import LAUNCH_TEMPLATE, VOLUMES_KEY, gpu_nodes, node_groups
from tests.unit.harness import Program


@pytest.fixture(scope="module")
def program() -> Program:
    volume = {"sizeGib": 200, "throughputMibPerSecond": 600, "iops": 4000}
    return node_groups(gpus=[gpu_nodes(volume=volume)])


@pytest.fixture(scope="module")
def templates(program: Program) -> list[dict[str, Any]]:
    return [one.inputs for one in program.of_type(LAUNCH_TEMPLATE)]


def test_one_for_each_group(program: Program) -> None:
    assert {one.name for one in program.of_type(LAUNCH_TEMPLATE)} == {"nodes-cpu", "nodes-a10g"}


class TestDisk:
    def test_is_what_the_settings_say(self, program: Program) -> None:
        (disk,) = program.one(LAUNCH_TEMPLATE, "nodes-a10g").inputs["blockDeviceMappings"]
        assert disk["deviceName"] == "/dev/xvda"
        assert disk["ebs"] == {
            "volumeType": "gp3",
            "volumeSize": 200,
            "throughput": 600,
            "iops": 4000,
            "kmsKeyId": VOLUMES_KEY,
            "encrypted": "true",
            "deleteOnTermination": "true",
        }

    def test_booleans_are_texts(self, templates: list[dict[str, Any]]) -> None:
        """The provider's own type; a boolean fails at AWS, after the cluster was made."""
        for template in templates:
            ebs = template["blockDeviceMappings"][0]["ebs"]
            assert isinstance(ebs["encrypted"], str) and isinstance(ebs["deleteOnTermination"], str)


def test_pods_do_not_reach_the_metadata_service(templates: list[dict[str, Any]]) -> None:
    for template in templates:
        assert template["metadataOptions"] == {
            "httpEndpoint": "enabled",
            "httpTokens": "required",
            "httpPutResponseHopLimit": 1,
            "instanceMetadataTags": "disabled",
        }


def test_all_that_a_node_brings_has_its_name(program: Program) -> None:
    """Untagged disks and interfaces are on nobody's bill."""
    specifications = program.one(LAUNCH_TEMPLATE, "nodes-a10g").inputs["tagSpecifications"]
    assert {one["resourceType"]: one["tags"]["Name"] for one in specifications} == dict.fromkeys(
        ["instance", "volume", "network-interface"], "image-serving-dev-a10g"
    )


def test_it_says_nothing_that_eks_adds_itself(templates: list[dict[str, Any]]) -> None:
    """An image, user data or a security group here would be ours to keep up to date."""
    for template in templates:
        assert template.keys().isdisjoint(
            {"imageId", "userData", "instanceType", "vpcSecurityGroupIds", "networkInterfaces"}
        )
