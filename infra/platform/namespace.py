"""The namespace of the service, in which the API server refuses pods that ask for rights."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core.v1 import Namespace
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from infra.labels import SHARED_LABELS

# https://kubernetes.io/docs/concepts/security/pod-security-admission/: `enforce` refuses pods,
# `warn` tells already at the Deployment, `audit` marks the event.
POD_SECURITY_LABELS = {
    f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "audit", "warn")
}


@dataclass(frozen=True, kw_only=True)
class GuardedNamespaceArgs:
    """name: the namespace's name in the cluster."""

    name: str


class GuardedNamespace(pulumi.ComponentResource):
    """A namespace under the Pod Security standard `restricted`."""

    TYPE = "serving:platform:GuardedNamespace"

    name: pulumi.Output[str]

    def __init__(
        self, name: str, args: GuardedNamespaceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        namespace = Namespace(
            f"{name}-namespace",
            metadata=ObjectMetaArgs(name=args.name, labels=SHARED_LABELS | POD_SECURITY_LABELS),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = namespace.metadata.name
        self.register_outputs({"name": self.name})
