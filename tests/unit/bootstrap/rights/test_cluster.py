"""bootstrap/rights/cluster.py: one cluster, with its nodes and its load balancer."""

import pytest

from bootstrap.rights.cluster import cluster
from tests.unit.bootstrap.rights.written import CONTEXT, NEW, unmeant, written
from tests.unit.bootstrap.shared import DEV, allows

STATEMENTS = written(lambda: cluster(DEV))


def test_the_linter_finds_nothing_but_listeners() -> None:
    """It asks that an action on listeners names those of application load balancers, too."""
    (found,) = unmeant(lambda: cluster(DEV))
    assert found.count("required_format") == found.count("listener/app/*/*/*")


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("eks:DeleteCluster", "cluster/{}"),
        ("eks:UpdateNodegroupConfig", "nodegroup/{}/gpu/1"),
        ("eks:DeleteAddon", "addon/{}/coredns/1"),
        ("eks:AssociateAccessPolicy", "access-entry/{}/role/1/admin/1"),
    ],
)
def test_of_its_cluster_and_no_other(action: str, kind: str) -> None:
    assert allows(STATEMENTS, action, DEV.arn("eks", kind.format("image-serving-dev")), CONTEXT)
    for other in ("image-serving-prod", "image-serving-dev-two"):
        assert not allows(STATEMENTS, action, DEV.arn("eks", kind.format(other)), CONTEXT)


def test_a_cluster_is_born_with_its_tag() -> None:
    other = {**NEW, "aws:RequestTag/Stack": "image-serving/prod"}
    own = DEV.arn("eks", "cluster/image-serving-dev")
    assert allows(STATEMENTS, "eks:CreateCluster", own, NEW)
    assert not allows(STATEMENTS, "eks:CreateCluster", own, other)


def test_nodes_of_another_cluster_are_not_attached() -> None:
    group = DEV.arn("autoscaling", "autoScalingGroup:1:autoScalingGroupName/eks-cpu-1")
    action = "autoscaling:AttachLoadBalancerTargetGroups"
    other = {**CONTEXT, "aws:ResourceTag/eks:cluster-name": "image-serving-prod"}
    assert allows(STATEMENTS, action, group, CONTEXT)
    assert not allows(STATEMENTS, action, group, other)


def test_another_stacks_load_balancer_stays() -> None:
    action = "elasticloadbalancing:DeleteLoadBalancer"
    for name, own in (("image-serving-dev-internal", True), ("image-serving-prod-public", False)):
        arn = DEV.arn("elasticloadbalancing", f"loadbalancer/net/{name}/1")
        assert allows(STATEMENTS, action, arn, CONTEXT) is own
