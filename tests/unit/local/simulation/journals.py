"""Events as the engine sends them."""

from __future__ import annotations

from typing import Any

from pulumi.automation import EngineEvent, OpType

from local.simulation.graph import Graph
from local.simulation.journal import Journal

LOG_GROUP = ("aws:cloudwatch/logGroup:LogGroup", "eks-log-group")
CLUSTER = ("aws:eks/cluster:Cluster", "eks-eksCluster")
GPU_NODES = ("aws:eks/nodeGroup:NodeGroup", "nodes-gpu-eu-west-1a")
CPU_NODES = ("aws:eks/nodeGroup:NodeGroup", "nodes-cpu-eu-west-1a")
KUBE_PROXY = ("aws:eks/addon:Addon", "network-add-ons-kube-proxy")
AUTOSCALER = ("kubernetes:apps/v1:Deployment", "cluster-autoscaler-deployment")
GATEWAY = ("kubernetes:apps/v1:Deployment", "gateway-deployment")

Resource = tuple[str, str]


def begins(resource: Resource, op: OpType = OpType.CREATE) -> EngineEvent:
    return _event("resourcePreEvent", resource, op)


def ends(resource: Resource, op: OpType = OpType.CREATE) -> EngineEvent:
    return _event("resOutputsEvent", resource, op)


def says(message: str, severity: str = "error") -> EngineEvent:
    said = {"message": message, "severity": severity, "color": "never", "prefix": ""}
    return _read({"diagnosticEvent": said})


def sums_up(**counts: int) -> EngineEvent:
    return _read({"summaryEvent": {"resourceChanges": counts}})


def journal_of(*events: EngineEvent) -> Journal:
    journal = Journal()
    for event in events:
        journal.hear(event)
    return journal


def one_by_one(*resources: Resource, op: OpType = OpType.CREATE) -> Journal:
    """Each is done before the next one begins."""
    return journal_of(
        *(each for resource in resources for each in (begins(resource, op), ends(resource, op)))
    )


def graph_of(*pairs: tuple[Resource, Resource]) -> Graph:
    """Each first one depends on its second one."""
    return Graph({"urn": urn(first), "dependencies": [urn(second)]} for first, second in pairs)


def urn(resource: Resource) -> str:
    token, name = resource
    return f"urn:pulumi:dev::image-serving::{token}::{name}"


def _event(kind: str, resource: Resource, op: OpType) -> EngineEvent:
    about = {"op": op.value, "urn": urn(resource), "type": resource[0]}
    return _read({kind: {"metadata": about}})


def _read(event: dict[str, Any]) -> EngineEvent:
    return EngineEvent.from_json({"sequence": 1, "timestamp": 1, **event})
