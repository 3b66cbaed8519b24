"""infra/platform/cluster_autoscaler.py: one that works, one that waits, and no right too many."""

from typing import Any

import pytest

from infra.pins import CLUSTER_AUTOSCALER
from infra.platform.cluster_autoscaler import (
    NAMESPACE,
    SERVICE_ACCOUNT,
    ClusterAutoscaler,
    ClusterAutoscalerArgs,
)
from policy.rules.pod_security_standard import violations
from tests.unit.harness import Program, run_component

Spec = dict[str, Any]


def autoscaler(kubernetes_version: str = "1.35", *, preview: bool = False) -> Program:
    args = ClusterAutoscalerArgs(
        cluster_name="image-serving-dev", region="eu-west-1", kubernetes_version=kubernetes_version
    )
    return run_component(lambda: ClusterAutoscaler("cluster-autoscaler", args), preview=preview)


@pytest.fixture(scope="module")
def made() -> Program:
    return autoscaler()


@pytest.fixture(scope="module")
def pod(made: Program) -> Spec:
    spec: Spec = made.only("Deployment", "cluster-autoscaler").spec["template"]["spec"]
    return spec


@pytest.fixture(scope="module")
def container(pod: Spec) -> Spec:
    (only,) = pod["containers"]
    return dict(only)


class TestPod:
    def test_restricted(self, made: Program, pod: Spec) -> None:
        labels = made.only("Namespace", NAMESPACE).inputs["metadata"]["labels"]
        assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
        assert violations(pod) == []

    @pytest.mark.parametrize("minor", CLUSTER_AUTOSCALER)
    def test_of_the_clusters_minor(self, minor: str) -> None:
        (found,) = autoscaler(minor).all("Deployment")
        (container,) = found.spec["template"]["spec"]["containers"]
        assert f":v{minor}." in container["image"]

    def test_the_region_is_told(self, container: Spec) -> None:
        """Pods can't ask the instance for it."""
        assert container["env"] == [{"name": "AWS_REGION", "value": "eu-west-1"}]

    def test_it_outlives_what_it_makes_room_for(self, pod: Spec) -> None:
        assert pod["priorityClassName"] == "system-cluster-critical"

    def test_probes(self, container: Spec) -> None:
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            assert container[probe]["httpGet"] == {"path": "/health-check", "port": "http"}


class TestAvailability:
    def test_two_of_which_one_may_go(self, made: Program) -> None:
        deployment = made.only("Deployment", "cluster-autoscaler").spec
        budget = made.only("PodDisruptionBudget", "cluster-autoscaler").spec
        assert (deployment["replicas"], budget["maxUnavailable"]) == (2, 1)
        assert budget["selector"] == deployment["selector"]

    def test_only_one_of_them_works(self, container: Spec) -> None:
        assert "--leader-elect=true" in container["args"]


class TestIdentity:
    """The role in AWS is of this namespace and account, and of no other."""

    def test_names(self, made: Program, pod: Spec) -> None:
        account = made.only("ServiceAccount", SERVICE_ACCOUNT)
        assert account.inputs["metadata"]["namespace"] == NAMESPACE
        assert pod["serviceAccountName"] == SERVICE_ACCOUNT

    def test_it_may_talk_to_the_api_server(self, pod: Spec) -> None:
        assert pod["automountServiceAccountToken"] is True

    def test_rights_are_there_before_the_pods(self, made: Program) -> None:
        deployment = made.only("Deployment", "cluster-autoscaler")
        for kind in ("ClusterRoleBinding", "RoleBinding", "NetworkPolicy"):
            assert made.only(kind, "cluster-autoscaler").urn in deployment.depends_on, kind


class TestNetwork:
    """Nobody calls it; it reaches DNS, its credentials, Kubernetes and AWS."""

    def egress(self, made: Program) -> list[Spec]:
        rules: list[Spec] = made.only("NetworkPolicy", "cluster-autoscaler").spec["egress"]
        return rules

    def test_no_way_in(self, made: Program) -> None:
        assert "ingress" not in made.only("NetworkPolicy", "cluster-autoscaler").spec

    @pytest.mark.parametrize("protocol", ["UDP", "TCP"])
    def test_dns(self, made: Program, protocol: str) -> None:
        (rule,) = [one for one in self.egress(made) if "k8s-app" in str(one)]
        assert {"port": 53, "protocol": protocol} in rule["ports"]

    def test_credentials(self, made: Program) -> None:
        (rule,) = [one for one in self.egress(made) if "169.254.170.23/32" in str(one)]
        assert rule["ports"] == [{"port": 80, "protocol": "TCP"}]

    def test_api_servers(self, made: Program) -> None:
        (rule,) = [one for one in self.egress(made) if "to" not in one]
        assert [port["port"] for port in rule["ports"]] == [443, 6443]


def test_a_preview_shows_what_an_up_makes(made: Program) -> None:
    preview = autoscaler(preview=True)
    assert {one.name for one in preview.resources} == {one.name for one in made.resources}
