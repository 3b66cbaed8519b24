"""Pods keep the Pod Security standard `restricted`; the API server refuses others, but later."""

from collections.abc import Iterator

from policy.rules.pod_security_standard import violations
from policy.rules.pod_templates import pod_spec
from policy.rules.rule import Inputs, Rule
from policy.rules.values import fields

# NVIDIA's device plugin opens the node's devices; it has a namespace of its own for that.
PRIVILEGED_NAMESPACES = frozenset({"nvidia-device-plugin"})


def check(resource_type: str, inputs: Inputs) -> Iterator[str]:
    spec = pod_spec(resource_type, inputs)
    namespace = fields(inputs.get("metadata")).get("namespace")
    if spec and namespace not in PRIVILEGED_NAMESPACES:
        yield from violations(spec)


RESTRICTED_PODS = Rule(
    name="restricted-pods",
    description="Pods keep the Pod Security standard restricted, but for the device plugin's.",
    check=check,
)
