"""What has to be there before what; the other way round when the stack is destroyed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pulumi.automation import OpType

from local.simulation.journal import Deed, Journal, early

_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet")


@dataclass(frozen=True)
class Rule:
    """`first` is there before `then` begins, and `then` is gone before `first` goes."""

    text: str
    first: Callable[[Deed], bool]
    then: Callable[[Deed], bool]


def _add_on(*names: str) -> Callable[[Deed], bool]:
    def matches(deed: Deed) -> bool:
        return deed.type == "aws:eks/addon:Addon" and deed.name.endswith(names or ("",))

    return matches


def _type(*types: str) -> Callable[[Deed], bool]:
    return lambda deed: deed.type in types


def _node_group(kind: str) -> Callable[[Deed], bool]:
    return lambda deed: (
        deed.type == "aws:eks/nodeGroup:NodeGroup" and deed.name.startswith(f"nodes-{kind}")
    )


def _is_object(deed: Deed) -> bool:
    return deed.type.startswith("kubernetes:")


def _has_pods(deed: Deed) -> bool:
    return _is_object(deed) and deed.type.rpartition(":")[2] in _WORKLOADS


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
    Rule(
        "images before what runs them",
        _type("docker-build:index:Image"),
        lambda deed: _has_pods(deed) and deed.name.startswith(("gateway", "model-")),
    ),
    Rule(
        "classes of volumes before the model servers' volumes",
        _type("kubernetes:storage.k8s.io/v1:StorageClass"),
        _type("kubernetes:apps/v1:StatefulSet"),
    ),
    Rule(
        "the autoscaler's rights before the autoscaler",
        lambda deed: deed.name.startswith("cluster-autoscaler-role"),
        lambda deed: _has_pods(deed) and deed.name.startswith("cluster-autoscaler"),
    ),
)


def broken_at_creation(rule: Rule, journal: Journal) -> list[str]:
    """Whatever contradicts the rule; also that there was nothing to look at."""
    made = journal.of(OpType.CREATE)
    return _contradictions(
        [deed for deed in made if rule.first(deed)], [deed for deed in made if rule.then(deed)]
    )


def broken_at_destruction(rule: Rule, journal: Journal) -> list[str]:
    """As `broken_at_creation`, with the rule turned round."""
    gone = journal.of(OpType.DELETE)
    return _contradictions(
        [deed for deed in gone if rule.then(deed)], [deed for deed in gone if rule.first(deed)]
    )


def _contradictions(first: list[Deed], then: list[Deed]) -> list[str]:
    if not first or not then:
        return ["nothing to compare: the rule looks for resources that the stack hasn't"]
    return [f"{later} began before the end of {earlier}" for earlier, later in early(first, then)]
