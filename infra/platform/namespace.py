"""A namespace in which the API server refuses pods that ask for more rights than it allows."""

from dataclasses import dataclass
from typing import Literal

import pulumi
from pulumi_kubernetes.core.v1 import Namespace
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from infra.labels import SHARED_LABELS

PodSecurityLevel = Literal["privileged", "restricted"]
# https://kubernetes.io/docs/concepts/security/pod-security-admission/: `enforce` refuses pods,
# `warn` tells already at the Deployment, `audit` marks the event.
POD_SECURITY_MODES = ("enforce", "audit", "warn")


@dataclass(frozen=True, kw_only=True)
class GuardedNamespaceArgs:
    """name: the namespace's name in the cluster. pod_security: what its pods may ask for."""

    name: str
    pod_security: PodSecurityLevel = "restricted"


class GuardedNamespace(pulumi.ComponentResource):
    """A namespace under a Pod Security standard."""

    TYPE = "serving:platform:GuardedNamespace"

    name: pulumi.Output[str]

    def __init__(
        self, name: str, args: GuardedNamespaceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        namespace = Namespace(
            f"{name}-namespace",
            metadata=ObjectMetaArgs(
                name=args.name, labels=SHARED_LABELS | _pod_security_labels(args.pod_security)
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = namespace.metadata.name
        self.register_outputs({"name": self.name})


def _pod_security_labels(level: PodSecurityLevel) -> dict[str, str]:
    return {f"pod-security.kubernetes.io/{mode}": level for mode in POD_SECURITY_MODES}
