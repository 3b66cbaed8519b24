"""infra/aws/cluster_identity.py: ARNs of the cluster's own account, region and partition."""

from dataclasses import replace

from tests.unit.aws.nodes import CLUSTER


def test_arns() -> None:
    assert CLUSTER.arn_of("eks", "nodegroup/a/*") == (
        "arn:aws:eks:eu-west-1:111122223333:nodegroup/a/*"
    )
    assert CLUSTER.managed_policy_arn("AmazonEKS_CNI_Policy") == (
        "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"
    )


def test_other_partitions() -> None:
    """In China an ARN of `aws` names nothing, and roles would have no rights."""
    china = replace(CLUSTER, region="cn-north-1")
    assert china.arn_of("logs", "x").startswith("arn:aws-cn:logs:cn-north-1:")
    assert china.managed_policy_arn("x").startswith("arn:aws-cn:iam::aws:policy/")
    assert china.dns_suffix == "amazonaws.com.cn"
