"""infra/platform/cluster_autoscaler_rights.py: looks everywhere, writes little."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.harness import Program
from tests.unit.platform.test_cluster_autoscaler import autoscaler

Rule = dict[str, Any]
LOOKING = {"get", "list", "watch"}


@pytest.fixture(scope="module")
def made() -> Program:
    return autoscaler()


def rules(program: Program, kind: str) -> list[Rule]:
    found: list[Rule] = program.only(kind, "cluster-autoscaler").inputs["rules"]
    return found


def writing(program: Program, kind: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for rule in rules(program, kind):
        verbs = tuple(sorted(set(rule["verbs"]) - LOOKING))
        for resource in rule["resources"]:
            if verbs:
                yield resource, verbs


class TestWildcards:
    @pytest.mark.parametrize("kind", ["ClusterRole", "Role"])
    def test_none(self, made: Program, kind: str) -> None:
        for rule in rules(made, kind):
            assert "*" not in [*rule["apiGroups"], *rule["resources"], *rule["verbs"]], rule


class TestCluster:
    def test_all_that_it_changes(self, made: Program) -> None:
        assert sorted(writing(made, "ClusterRole")) == [
            ("events", ("create", "patch")),
            ("nodes", ("update",)),
            ("pods/eviction", ("create",)),
        ]

    def test_it_sees_no_secret_and_no_configuration(self, made: Program) -> None:
        seen = {resource for rule in rules(made, "ClusterRole") for resource in rule["resources"]}
        assert seen.isdisjoint({"secrets", "configmaps", "serviceaccounts"})

    @pytest.mark.parametrize(
        "resource", ["pods", "nodes", "persistentvolumeclaims", "csinodes", "resourceslices"]
    )
    def test_it_sees_what_the_scheduler_sees(self, made: Program, resource: str) -> None:
        """Without one of these it waits for it, and scales nothing."""
        verbs = {
            verb
            for rule in rules(made, "ClusterRole")
            if resource in rule["resources"]
            for verb in rule["verbs"]
        }
        assert verbs >= LOOKING


class TestHome:
    def test_its_own_objects_alone(self, made: Program) -> None:
        for rule in rules(made, "Role"):
            if rule["verbs"] != ["create"]:  # which can't be limited to a name
                assert rule["resourceNames"] in (
                    ["cluster-autoscaler"],
                    ["cluster-autoscaler-status"],
                ), rule


class TestSubject:
    @pytest.mark.parametrize("kind", ["ClusterRoleBinding", "RoleBinding"])
    def test_its_service_account(self, made: Program, kind: str) -> None:
        binding = made.only(kind, "cluster-autoscaler").inputs
        assert binding["subjects"] == [
            {
                "kind": "ServiceAccount",
                "name": "cluster-autoscaler",
                "namespace": "cluster-autoscaler",
            }
        ]
        assert binding["roleRef"] == {
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": kind.removesuffix("Binding"),
            "name": "cluster-autoscaler",
        }
