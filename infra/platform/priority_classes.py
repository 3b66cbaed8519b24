"""Who goes first when a cluster is full, and who gives way.

https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
"""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.scheduling.v1 import PriorityClass

from infra.labels import SHARED_LABELS

GATEWAY_PRIORITY = "serving-gateway"
MODEL_SERVER_PRIORITY = "serving-model-server"
BATCH_PRIORITY = "serving-batch"


@dataclass(frozen=True, kw_only=True)
class Priority:
    """preempts: whether pods of lower priority are ended to make room for it."""

    value: int
    preempts: bool
    description: str


# Above pods that say nothing (0), below the cluster's own (2 000 000 000). The autoscaler makes no
# room for pods below -10 (--expendable-pods-priority-cutoff).
PRIORITIES = {
    GATEWAY_PRIORITY: Priority(
        value=200_000,
        preempts=True,
        description="The way in: a few small pods, without which no model can be asked.",
    ),
    MODEL_SERVER_PRIORITY: Priority(
        value=100_000, preempts=True, description="Model servers, which requests wait for."
    ),
    BATCH_PRIORITY: Priority(
        value=-5,
        preempts=False,
        description="Jobs that can wait and be started again, such as training and evaluation.",
    ),
}


class PriorityClasses(pulumi.ComponentResource):
    """Gateway above model servers above what says nothing above batch jobs; none is the default."""

    TYPE = "serving:platform:PriorityClasses"

    gateway: pulumi.Output[str]
    model_server: pulumi.Output[str]
    batch: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._prefix = name
        self._child = pulumi.ResourceOptions(parent=self)
        self.gateway = self._priority_class(GATEWAY_PRIORITY)
        self.model_server = self._priority_class(MODEL_SERVER_PRIORITY)
        self.batch = self._priority_class(BATCH_PRIORITY)
        self.register_outputs(
            {"gateway": self.gateway, "model_server": self.model_server, "batch": self.batch}
        )

    def _priority_class(self, class_name: str) -> pulumi.Output[str]:
        priority = PRIORITIES[class_name]
        made = PriorityClass(
            f"{self._prefix}-{class_name}",
            metadata=ObjectMetaArgs(name=class_name, labels=SHARED_LABELS),
            value=priority.value,
            preemption_policy="PreemptLowerPriority" if priority.preempts else "Never",
            global_default=False,
            description=priority.description,
            opts=self._child,
        )
        name: pulumi.Output[str] = made.metadata.name
        return name
