"""What the namespace may take of its cluster, and what its containers get that don't say."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core.v1 import (
    LimitRange,
    LimitRangeItemArgs,
    LimitRangeSpecArgs,
    ResourceQuota,
    ResourceQuotaSpecArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from infra.labels import SHARED_LABELS
from infra.node_labels import GPU_RESOURCE

NAME = "serving"
# Of a container that says nothing, such as a job's; the service's own say all four.
DEFAULT_REQUESTS = {"cpu": "100m", "memory": "128Mi"}
DEFAULT_LIMITS = {"cpu": "1", "memory": "512Mi"}


@dataclass(frozen=True, kw_only=True)
class QuotaArgs:
    """At most so many at a time; 0: any number."""

    namespace: pulumi.Input[str]
    max_pods: int
    max_gpus: int


class Quota(pulumi.ComponentResource):
    """A mistaken setting or job then meets its own limit and not the account's."""

    TYPE = "serving:platform:Quota"

    name: pulumi.Output[str]

    def __init__(
        self, name: str, args: QuotaArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        metadata = ObjectMetaArgs(name=NAME, namespace=args.namespace, labels=SHARED_LABELS)
        quota = ResourceQuota(
            f"{name}-resource-quota",
            metadata=metadata,
            spec=ResourceQuotaSpecArgs(hard=_hard(args)),
            opts=child,
        )
        LimitRange(
            f"{name}-limit-range",
            metadata=metadata,
            spec=LimitRangeSpecArgs(
                limits=[
                    LimitRangeItemArgs(
                        type="Container", default_request=DEFAULT_REQUESTS, default=DEFAULT_LIMITS
                    )
                ]
            ),
            opts=child,
        )
        self.name = quota.metadata.name
        self.register_outputs({"name": self.name})


def _hard(args: QuotaArgs) -> dict[str, str]:
    """Of what a node has in whole units alone, such as GPUs, requests are what is counted.

    https://kubernetes.io/docs/concepts/policy/resource-quotas/#resource-quota-for-extended-resources
    """
    limits = {"pods": args.max_pods, f"requests.{GPU_RESOURCE}": args.max_gpus}
    return {what: str(number) for what, number in limits.items() if number}
