"""Each thing that a cluster lacks is one documented line: an error, or a warning."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.context.identity import Context, remember_cluster
from local.context.requirements import Requirements
from tests.fault_table import matches
from tests.unit.local.context.fake_cluster import (
    FakeCluster,
    daemon_set,
    failed,
    node,
    pod,
    storage_class,
)
from tests.unit.local.context.stacks import leave_stack


@pytest.fixture(autouse=True)
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")


def _requirements(cluster: FakeCluster, wanted_class: str | None = None) -> Requirements:
    return Requirements(cluster, Context("mine"), "image-serving", wanted_class)


def _problem(cluster: FakeCluster, wanted_class: str | None = None) -> str | None:
    """The first problem, as `make up` shows it."""
    findings = _requirements(cluster, wanted_class).findings()
    return next((each.problem for _, each in findings if each.problem), None)


def _warnings(cluster: FakeCluster) -> list[str]:
    return [each.warning for _, each in _requirements(cluster).findings() if each.warning]


ARM = node()
ARM["status"]["nodeInfo"]["architecture"] = "arm64"
OURS = {"metadata": {"name": "image-serving"}}


@dataclass(frozen=True)
class Fault:
    name: str
    cluster: FakeCluster
    wanted_class: str | None = None


FAULTS = [
    Fault(
        "API server that does not answer",
        FakeCluster(version=failed("The connection to the server 10.1.1.1:6443 was refused")),
    ),
    Fault(
        "API server that refuses the user",
        FakeCluster(version=failed("error: You must be logged in to the server (Unauthorized)")),
    ),
    Fault("Kubernetes that is too old", FakeCluster(version={"gitVersion": "v1.29.14-eks-1"})),
    Fault(
        "rights that are missing",
        FakeCluster(refused=frozenset({"create namespaces", "delete namespaces"})),
    ),
    Fault("namespace that is taken", FakeCluster(objects={"namespaces": [OURS]})),
    Fault("nodes of another kind", FakeCluster(objects={"nodes": [ARM]})),
    Fault(
        "nodes of another kind",
        FakeCluster(objects={"nodes": [node(taints=[{"effect": "NoSchedule"}])]}),
    ),
    Fault(
        "no room on the nodes",
        FakeCluster(objects={"pods": [pod("theirs", "1", "7Gi"), pod("theirs", "2900m", "1Mi")]}),
    ),
    Fault("no StorageClass", FakeCluster(objects={"storageclasses": []})),
    Fault(
        "no StorageClass",
        FakeCluster(
            objects={
                "storageclasses": [
                    storage_class("static", provisioner="kubernetes.io/no-provisioner")
                ]
            }
        ),
    ),
    Fault(
        "no default StorageClass",
        FakeCluster(objects={"storageclasses": [storage_class("a"), storage_class("b")]}),
    ),
    Fault("unknown StorageClass", FakeCluster(), wanted_class="fast"),
]


class TestProblems:
    """Where the stack can't work, the line says so before anything is changed."""

    @pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
    def test_it_is_one_documented_line(self, fault: Fault) -> None:
        problem = _problem(fault.cluster, fault.wanted_class)
        assert problem is not None
        assert "\n" not in problem
        assert matches(fault.name, problem), problem

    def test_a_good_cluster_has_none(self) -> None:
        assert _problem(FakeCluster()) is None
        assert _warnings(FakeCluster()) == []

    def test_another_cluster_than_the_stacks(self) -> None:
        remember_cluster(Context("mine"), "uid-of-another")
        assert matches("context that leads to another cluster", _problem(FakeCluster()) or "")
        remember_cluster(Context("mine"), FakeCluster().uid)
        assert _problem(FakeCluster()) is None

    def test_the_stacks_own_namespace_is_no_reason_against_a_second_run(self) -> None:
        leave_stack(Context("mine"), namespace="image-serving")
        assert _problem(FakeCluster(objects={"namespaces": [OURS]})) is None

    def test_a_stack_elsewhere_does_not_make_a_namespace_ours(self) -> None:
        leave_stack(Context("mine"), namespace="vision")
        problem = _problem(FakeCluster(objects={"namespaces": [OURS]}))
        assert matches("namespace that is taken", problem or "")

    def test_our_own_pods_are_no_reason_against_a_second_run(self) -> None:
        own = pod("image-serving", "3900m", "7Gi")
        assert _problem(FakeCluster(objects={"pods": [own]})) is None

    def test_pods_that_have_ended_take_no_room(self) -> None:
        ended = pod("theirs", "4", "8Gi", phase="Succeeded")
        assert _problem(FakeCluster(objects={"pods": [ended]})) is None


class TestWarnings:
    """What the stack can do without is said, with what would help."""

    def test_no_metrics(self) -> None:
        [warning] = _warnings(FakeCluster(metrics=failed("NotFound")))
        assert matches("no metrics API", warning)

    @pytest.mark.parametrize("name", ["kube-flannel-ds", "aws-node"])
    def test_a_network_without_policies(self, name: str) -> None:
        [warning] = _warnings(FakeCluster(objects={"daemonsets": [daemon_set(name)]}))
        assert matches("a network without policies", warning)

    def test_nobody_known_enforces_policies(self) -> None:
        [warning] = _warnings(FakeCluster(objects={"daemonsets": [daemon_set("logger")]}))
        assert matches("nobody known enforces policies", warning)

    def test_rights_that_can_not_be_looked_up(self) -> None:
        [warning] = _warnings(FakeCluster(review_error=failed("NotFound")))
        assert matches("rights that can't be looked up", warning)

    def test_nodes_that_can_not_be_listed(self) -> None:
        [warning] = _warnings(FakeCluster(objects={"nodes": failed("Forbidden")}))
        assert matches("nodes that can't be listed", warning)

    @pytest.mark.parametrize(
        "agents",
        [
            [daemon_set("cilium")],
            [daemon_set("kindnet")],
            [daemon_set("kube-flannel-ds"), daemon_set("canal")],
            [daemon_set("aws-node", "aws-node", "aws-eks-nodeagent")],
        ],
    )
    def test_known_agents_are_enough(self, agents: list[object]) -> None:
        assert _warnings(FakeCluster(objects={"daemonsets": agents})) == []

    def test_k3s_brings_its_own(self) -> None:
        k3s = FakeCluster(version={"gitVersion": "v1.33.1+k3s1"}, objects={"daemonsets": []})
        assert _warnings(k3s) == []


class TestSuitable:
    """The stack's settings follow the cluster."""

    def test_the_default_class_is_left_to_the_cluster(self) -> None:
        assert _requirements(FakeCluster()).suitable().storage_class == ""

    def test_the_only_class_is_named(self) -> None:
        only = FakeCluster(objects={"storageclasses": [storage_class("slow")]})
        assert _problem(only) is None
        assert _requirements(only).suitable().storage_class == "slow"

    def test_the_users_class_is_taken(self) -> None:
        classes = [storage_class("slow", default=True), storage_class("fast")]
        both = FakeCluster(objects={"storageclasses": classes})
        assert _requirements(both, "fast").suitable().storage_class == "fast"

    def test_networks_are_those_of_the_nodes_and_of_the_services(self) -> None:
        second = node("two", podCIDRs=["10.244.1.0/24", "fd00::/64"])
        networks = (
            _requirements(FakeCluster(objects={"nodes": [node(), second]})).suitable().networks
        )
        assert networks == ["10.244.0.0/23", "10.96.0.0/12"]

    def test_where_nodes_have_none_the_pods_tell(self) -> None:
        cluster = FakeCluster(
            objects={"nodes": [node(podCIDRs=[])], "pods": [pod("kube-system", "1", "1Mi")]}
        )
        assert _requirements(cluster).suitable().networks == ["10.96.0.0/12", "172.31.0.0/16"]
