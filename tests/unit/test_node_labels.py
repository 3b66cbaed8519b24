"""infra/node_labels.py: one spelling each, and where there are two they mean the same."""

from infra import node_labels


def test_the_taints_two_spellings_agree() -> None:
    """EKS writes NO_SCHEDULE where Kubernetes writes NoSchedule; the other's is refused."""
    as_kubernetes = node_labels.EKS_NO_SCHEDULE.title().replace("_", "")
    assert as_kubernetes == node_labels.NO_SCHEDULE == "NoSchedule"


def test_the_label_is_the_one_that_the_device_plugin_looks_for() -> None:
    assert (node_labels.GPU_PRESENT_LABEL, node_labels.GPU_PRESENT) == (
        "nvidia.com/gpu.present",
        "true",
    )
