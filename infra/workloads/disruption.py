"""How much of a workload may be missing while nodes are drained: its PodDisruptionBudget."""

import pulumi
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget, PodDisruptionBudgetSpecArgs

from infra.labels import Workload


def disruption_budget(
    resource_name: str,
    *,
    workload: Workload,
    namespace: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> PodDisruptionBudget:
    """One pod at a time. At most one missing, unlike at least one there, never blocks a drain."""
    return PodDisruptionBudget(
        resource_name,
        metadata=workload.metadata(namespace),
        spec=PodDisruptionBudgetSpecArgs(
            max_unavailable=1,
            selector=workload.pods(),
            # A pod that doesn't work isn't worth keeping a node for.
            unhealthy_pod_eviction_policy="AlwaysAllow",
        ),
        opts=opts,
    )
