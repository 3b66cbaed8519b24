"""Whether the stack's pods find room on a cluster's nodes."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import yaml
from kubernetes.utils.quantity import parse_quantity

from local.context.objects import Object
from local.paths import PROJECT, REPO
from local.preconditions.finding import Finding

_MIB = 2**20
_ARCHITECTURES = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64"}
_SMALLEST = 2  # pods that the autoscalers always keep, see infra/settings/shapes.py
# Taints that keep a pod without tolerations away (PreferNoSchedule doesn't).
_KEEP_AWAY = ("NoSchedule", "NoExecute")


@dataclass
class Room:
    """What is free on a node, or asked for by a pod."""

    cores: Decimal
    memory_bytes: Decimal

    def holds(self, other: Room) -> bool:
        return self.cores >= other.cores and self.memory_bytes >= other.memory_bytes

    def minus(self, other: Room) -> Room:
        return Room(self.cores - other.cores, self.memory_bytes - other.memory_bytes)


def room(nodes: Sequence[Object], pods: Sequence[Object], namespace: str) -> Finding:
    """Places the smallest stack on the nodes, the largest pod first, beside what runs there.

    Pods of the stack itself, which an earlier `make up` has made, don't count.
    """
    if not nodes:
        return Finding("unknown", warning="the nodes can't be listed: their room is not known")
    ours = _ARCHITECTURES.get(platform.machine(), platform.machine())
    usable = [each for each in nodes if _takes_pods(each)]
    fitting = [each for each in usable if each["status"]["nodeInfo"]["architecture"] == ours]
    if not fitting:
        theirs = sorted({str(each["status"]["nodeInfo"]["architecture"]) for each in usable})
        return Finding(
            f"{len(usable)} nodes",
            f"no node takes pods with images for {ours} (ready nodes without taints: "
            f"{', '.join(theirs) or 'none'}); add one, or run this on a machine like the nodes",
        )
    free = {str(each["metadata"]["name"]): _free(each, pods, namespace) for each in fitting}
    total = f"{len(free)} nodes, {_text(_sum(list(free.values())))} free"
    wanted = sorted(smallest_stack(), key=lambda each: each.memory_bytes, reverse=True)
    left = list(free.values())
    for pod in wanted:
        for index, each in enumerate(left):
            if each.holds(pod):
                left[index] = each.minus(pod)
                break
        else:
            return Finding(
                total,
                f"the nodes have no room for the stack's {len(wanted)} pods, which request "
                f"{_text(_sum(wanted))} ({total}); add a node, or remove other pods",
            )
    return Finding(total)


def smallest_stack() -> list[Room]:
    """The requests of every pod that the committed stack file keeps running."""
    config = yaml.safe_load((REPO / "Pulumi.local.yaml").read_text())["config"]
    gateway = config[f"{PROJECT}:gatewayResources"]
    models = [model["resources"] for model in config[f"{PROJECT}:models"]]
    return [_requests(each["requests"]) for each in (gateway, *models) for _ in range(_SMALLEST)]


def _takes_pods(node: Object) -> bool:
    spec = node["spec"]
    tainted = any(taint["effect"] in _KEEP_AWAY for taint in spec.get("taints") or [])
    conditions = node["status"].get("conditions") or []
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
    return ready and not tainted and not spec.get("unschedulable")


def _free(node: Object, pods: Sequence[Object], namespace: str) -> Room:
    free = _requests(node["status"]["allocatable"])
    for pod in pods:
        here = pod["spec"].get("nodeName") == node["metadata"]["name"]
        ended = pod["status"].get("phase") in ("Succeeded", "Failed")
        if here and not ended and pod["metadata"]["namespace"] != namespace:
            for container in pod["spec"]["containers"]:
                free = free.minus(_requests(container.get("resources", {}).get("requests") or {}))
    return free


def _requests(quantities: Object) -> Room:
    return Room(_quantity(quantities.get("cpu", 0)), _quantity(quantities.get("memory", 0)))


def _quantity(value: Any) -> Decimal:
    return Decimal(parse_quantity(value))  # type: ignore[no-untyped-call]


def _sum(rooms: Sequence[Room]) -> Room:
    return Room(
        sum((each.cores for each in rooms), Decimal()),
        sum((each.memory_bytes for each in rooms), Decimal()),
    )


def _text(room: Room) -> str:
    return f"{room.cores:.1f} cores and {room.memory_bytes / _MIB:.0f} MiB"
