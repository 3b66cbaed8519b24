"""What has to be there before what; the other way round when the stack is destroyed."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi.automation import OpType

from local.simulation.graph import Graph
from local.simulation.journal import Deed, Journal, Match, early

_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet")


@dataclass(frozen=True)
class Rule:
    """`first` is there before `then` begins, and `then` is gone before `first` goes."""

    text: str
    first: Match
    then: Match


def _add_on(*names: str) -> Match:
    def matches(deed: Deed) -> bool:
        return deed.type == "aws:eks/addon:Addon" and deed.name.endswith(names or ("",))

    return matches


def _type(*types: str) -> Match:
    return lambda deed: deed.type in types


def _node_group(kind: str) -> Match:
    return lambda deed: (
        deed.type == "aws:eks/nodeGroup:NodeGroup" and deed.name.startswith(f"nodes-{kind}")
    )


def _is_object(deed: Deed) -> bool:
    return deed.type.startswith("kubernetes:")


def _pods(name: str) -> Match:
    return lambda deed: (
        _is_object(deed)
        and deed.type.rpartition(":")[2] in _WORKLOADS
        and deed.name.startswith(name)
    )


def _image(name: str) -> Match:
    return lambda deed: deed.type == "docker-build:index:Image" and deed.name == f"images-{name}"


def _is_control_plane_log(deed: Deed) -> bool:
    return deed.type == "aws:cloudwatch/logGroup:LogGroup" and deed.name == "eks-log-group"


_CLUSTER = _type("aws:eks/cluster:Cluster")
_NODES = _node_group("")
_ON_NODES = (
    "coredns",
    "aws-ebs-csi-driver",
    "metrics-server",
    "amazon-cloudwatch-observability",
)

RULES = (
    Rule("the control plane's log group before the cluster", _is_control_plane_log, _CLUSTER),
    Rule("the cluster before its add-ons", _CLUSTER, _add_on()),
    Rule(
        "vpc-cni, kube-proxy and the Pod Identity agent before the nodes",
        _add_on("vpc-cni", "kube-proxy", "eks-pod-identity-agent"),
        _NODES,
    ),
    Rule("CPU nodes before the add-ons that run on them", _node_group("cpu"), _add_on(*_ON_NODES)),
    Rule(
        "access to the cluster before all objects in it",
        _type("aws:eks/accessPolicyAssociation:AccessPolicyAssociation"),
        _is_object,
    ),
    Rule("all add-ons before all objects", _add_on(), _is_object),
    Rule("the gateway's image before the gateway", _image("gateway"), _pods("gateway")),
    Rule("the model server's image before its pods", _image("model-server"), _pods("model-")),
    Rule(
        "the volumes' class before the model servers",
        lambda deed: (
            deed.type == "kubernetes:storage.k8s.io/v1:StorageClass" and deed.name.endswith("-gp3")
        ),
        _pods("model-"),
    ),
    Rule(
        "the autoscaler's rights before the autoscaler",
        lambda deed: deed.name.startswith("cluster-autoscaler-role"),
        _pods("cluster-autoscaler"),
    ),
)


def broken_at_creation(rule: Rule, journal: Journal, graph: Graph) -> list[str]:
    """Whatever contradicts the rule, was right by luck, or that there was nothing to look at."""
    made = journal.of(OpType.CREATE)
    first = [deed for deed in made if rule.first(deed)]
    then = [deed for deed in made if rule.then(deed)]
    lucky = [
        f"{later} does not depend on {earlier}"
        for earlier in first
        for later in then
        if not graph.needs(later.urn, earlier.urn)
    ]
    return [*_contradictions(first, then), *lucky]


def broken_at_destruction(rule: Rule, journal: Journal) -> list[str]:
    """Whatever contradicts the rule turned round."""
    gone = journal.of(OpType.DELETE)
    return _contradictions(
        [deed for deed in gone if rule.then(deed)], [deed for deed in gone if rule.first(deed)]
    )


def _contradictions(first: list[Deed], then: list[Deed]) -> list[str]:
    if not first or not then:
        return ["nothing to compare: the rule looks for resources that the stack hasn't"]
    return [f"{later} began before the end of {earlier}" for earlier, later in early(first, then)]
