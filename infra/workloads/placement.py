"""On which nodes a model's pods run, and what they get there beside CPU and memory."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core.v1 import TolerationArgs

from infra.node_labels import GPU_TAINT_KEY, NO_SCHEDULE, NODE_GROUP_LABEL
from infra.settings.aws.nodes import GpuNodes
from infra.settings.model import ModelSettings

# Of a shared GPU's memory, in hundredths. The rest is for what each process takes beside it.
SHARED_MEMORY_PERCENT = 90
# A node from nothing, its image of several GiB, the model and its first requests; an update
# replaces one pod after another.
GPU_TIMEOUTS = pulumi.CustomTimeouts(create="30m", update="60m")


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Without GPUs: any node that has room.

    pods_per_gpu: more than one where the nodes share their GPUs in turns. priority_class_name: None
    is the cluster's default.
    """

    gpus: int = 0
    node_group: str = ""
    pods_per_gpu: int = 1
    priority_class_name: pulumi.Input[str] | None = None

    @property
    def node_selector(self) -> dict[str, str]:
        return {NODE_GROUP_LABEL: self.node_group} if self.node_group else {}

    @property
    def tolerations(self) -> list[TolerationArgs]:
        """Of the taint that keeps other pods away from GPUs, whatever its value."""
        toleration = TolerationArgs(key=GPU_TAINT_KEY, operator="Exists", effect=NO_SCHEDULE)
        return [toleration] if self.gpus else []

    @property
    def gpu_memory_fraction(self) -> float | None:
        """None: TensorFlow takes all of the memory, as it does, and nobody else is there."""
        if not self.gpus or self.pods_per_gpu == 1:
            return None
        return SHARED_MEMORY_PERCENT // self.pods_per_gpu / 100


def timeouts(model: ModelSettings) -> pulumi.CustomTimeouts | None:
    """How long Pulumi waits for the model's pods, and what needs them; None: ten minutes."""
    return GPU_TIMEOUTS if model.gpus else None


def placement(
    model: ModelSettings,
    groups: Sequence[GpuNodes],
    *,
    priority_class_name: pulumi.Input[str] | None = None,
) -> Placement:
    """Of nodes that the program doesn't make nobody knows whether they share GPUs."""
    shares = {group.name: group.pods_per_gpu for group in groups}
    return Placement(
        gpus=model.gpus,
        node_group=model.node_group,
        pods_per_gpu=shares.get(model.node_group, 1),
        priority_class_name=priority_class_name,
    )
