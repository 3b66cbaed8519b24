"""Where the pods are in the objects that make pods."""

from collections.abc import Mapping
from typing import Any

from policy.rules.rule import Inputs
from policy.rules.values import fields, items

_TEMPLATED = ("DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet")


def pod_spec(resource_type: str, inputs: Inputs) -> Mapping[str, Any]:
    """The pod's spec; empty for what makes no pods."""
    kind = resource_type.rpartition(":")[2] if resource_type.startswith("kubernetes:") else ""
    spec = fields(inputs.get("spec"))
    if kind == "Pod":
        return spec
    if kind == "CronJob":
        spec = fields(fields(spec.get("jobTemplate")).get("spec"))
    if kind in (*_TEMPLATED, "CronJob"):
        return fields(fields(spec.get("template")).get("spec"))
    return {}


def containers(spec: Mapping[str, Any]) -> list[Any]:
    """Containers of all kinds in a pod's spec."""
    kinds = ("initContainers", "containers", "ephemeralContainers")
    return [container for kind in kinds for container in items(spec.get(kind))]
