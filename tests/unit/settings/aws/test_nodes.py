"""infra/settings/aws/nodes.py: groups of nodes that can't be made are refused."""

import pytest

from tests.unit.aws.nodes import cpu_nodes
from tests.unit.settings.wrong import WrongSettings, change, message_of

WRONG: WrongSettings = {
    "no instance type": (
        change("gpuNodes", [{"name": "gpu", "instanceTypes": [], "accelerator": "nvidia-a10g"}]),
        "gpuNodes[0].instanceTypes",
        "at least 1 item",
    ),
    "a misspelt type": (
        change(
            "gpuNodes",
            [{"name": "gpu", "instanceTypes": ["g5xlarge"], "accelerator": "nvidia-a10g"}],
        ),
        "gpuNodes[0].instanceTypes[0]",
        "an instance type such as g5.xlarge",
    ),
    "another architecture than that of images": (
        change("cpuNodes", {"instanceTypes": ["m7i.large", "m7g.large"]}),
        "cpuNodes.instanceTypes[1]",
        "must have x86 processors, such as m7i.large",
    ),
    "another architecture, with GPUs": (
        change(
            "gpuNodes",
            [{"name": "gpu", "instanceTypes": ["g5g.xlarge"], "accelerator": "nvidia-t4g"}],
        ),
        "gpuNodes[0].instanceTypes[0]",
        "must have x86 processors",
    ),
    "two of one name": (
        change(
            "gpuNodes",
            [
                {"name": "gpu", "instanceTypes": ["g5.xlarge"], "accelerator": "nvidia-a10g"},
                {"name": "gpu", "instanceTypes": ["g5.xlarge"], "accelerator": "nvidia-a10g"},
            ],
        ),
        "gpuNodes",
        "names of their own, not gpu, gpu",
    ),
    "the name of the group without GPUs": (
        change(
            "gpuNodes",
            [{"name": "cpu", "instanceTypes": ["g5.xlarge"], "accelerator": "nvidia-a10g"}],
        ),
        "gpuNodes[0].name",
        "must not be cpu",
    ),
    "a name that leaves no room for the zone's": (
        change(
            "gpuNodes",
            [{"name": "g" * 21, "instanceTypes": ["g5.xlarge"], "accelerator": "nvidia-a10g"}],
        ),
        "gpuNodes[0].name",
        "at most 20 characters",
    ),
    "fewer than the least": (
        change("cpuNodes", {"minNodes": 3, "maxNodes": 2}),
        "cpuNodes.maxNodes",
        "must be at least minNodes (3)",
    ),
    "throughput without operations": (
        change("cpuNodes", {"volume": {"throughputMibPerSecond": 1000, "iops": 3000}}),
        "cpuNodes.volume.iops",
        "at least 4 per MiB/s of throughput, 4000",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_named(case: str) -> None:
    message, expected = message_of(WRONG[case], on_aws=True)
    assert expected in message


@pytest.mark.parametrize(
    "instance_type", ["m7i.large", "c7i-flex.xlarge", "g6e.xlarge", "gr6.4xlarge"]
)
def test_a_g_elsewhere_in_its_name_is_no_architecture(instance_type: str) -> None:
    assert cpu_nodes(instanceTypes=[instance_type]).instance_types == (instance_type,)
