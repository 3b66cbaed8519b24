"""What is changed in a stack that runs, and what that may touch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pulumi.automation import OpType

from local.simulation import settings
from local.simulation.journal import Deed, Journal, Match, early
from local.simulation.settings import Document

Check = tuple[str, Iterable[object]]

_CLUSTER = "aws:eks/cluster:Cluster"
_NODES = "aws:eks/nodeGroup:NodeGroup"
_TAG = "aws:autoscaling/tag:Tag"


@dataclass(frozen=True)
class Change:
    """`checks` say what must be true of the journal, each with what contradicts it."""

    name: str
    doing: str
    edit: Callable[[Document], Document]
    checks: Callable[[Journal], Iterator[Check]]


def _of_newer_kubernetes(journal: Journal) -> Iterator[Check]:
    changed = journal.changed
    yield "a newer Kubernetes replaces nothing", journal.replaced
    yield (
        "control plane, nodes and kube-proxy get it",
        _missing(
            changed,
            ("the cluster", lambda deed: deed.type == _CLUSTER),
            ("CPU nodes", lambda deed: deed.type == _NODES and "-cpu-" in deed.name),
            ("GPU nodes", lambda deed: deed.type == _NODES and "-cpu-" not in deed.name),
            ("kube-proxy", lambda deed: deed.name.endswith("kube-proxy")),
        ),
    )
    yield (
        "the control plane before the nodes: a kubelet must not be newer",
        [
            f"{nodes} began before the end of {cluster}"
            for cluster, nodes in early(
                [deed for deed in changed if deed.type == _CLUSTER],
                [deed for deed in changed if deed.type == _NODES],
            )
        ],
    )
    objects = [deed for deed in changed if deed.type.startswith("kubernetes:")]
    yield (
        "of the cluster's objects the autoscaler's Deployment alone changes, with its image",
        [
            *(deed for deed in objects if deed.name != "cluster-autoscaler-deployment"),
            *([] if objects else ["it did not change"]),
        ],
    )


def _of_other_gpu(journal: Journal) -> Iterator[Check]:
    def is_gpu_nodes(deed: Deed) -> bool:
        return deed.type == _NODES and deed.name.startswith("nodes-") and "-cpu-" not in deed.name

    yield (
        "another GPU replaces the groups of GPU nodes",
        _missing(journal.replaced, ("a group of GPU nodes", is_gpu_nodes)),
    )
    yield (
        "the old groups go once the new ones are there",
        [
            f"{old} began to go before the end of {new}"
            for new, old in early(
                list(filter(is_gpu_nodes, journal.of(OpType.CREATE_REPLACEMENT))),
                list(filter(is_gpu_nodes, journal.of(OpType.DELETE_REPLACED))),
            )
        ],
    )
    yield (
        "and nothing else, but the tags of their Auto Scaling groups",
        [
            deed
            for deed in journal.changed
            if not is_gpu_nodes(deed) and not (deed.type == _TAG and "-cpu-" not in deed.name)
        ],
    )


def _of_a_setting(journal: Journal) -> Iterator[Check]:
    yield "another time limit replaces nothing", journal.replaced
    yield (
        "the gateway gets it",
        _missing(
            journal.changed, ("its Deployment", lambda deed: deed.name == "gateway-deployment")
        ),
    )
    yield (
        "and no pods of anything else are touched",
        [
            deed
            for deed in journal.changed
            if deed.type.startswith("kubernetes:") and not deed.name.startswith("gateway")
        ],
    )


def _missing(deeds: list[Deed], *wanted: tuple[str, Match]) -> list[str]:
    return [f"{what}: unchanged" for what, matches in wanted if not any(map(matches, deeds))]


ALL = (
    Change(
        "kubernetes",
        "a newer Kubernetes",
        settings.with_newer_kubernetes,
        _of_newer_kubernetes,
    ),
    Change("gpu type", "another GPU", settings.with_other_gpu, _of_other_gpu),
    Change("setting", "another time limit", settings.with_other_timeout, _of_a_setting),
)
