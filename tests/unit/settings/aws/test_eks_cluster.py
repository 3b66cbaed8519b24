"""infra/settings/aws/eks_cluster.py: who may reach and use the cluster is said in AWS's terms."""

import pytest

from tests.unit.harness import ADMIN
from tests.unit.settings.wrong import WrongSettings, change, message_of

WRONG: WrongSettings = {
    "a version with a patch": (
        change("eksCluster.kubernetesVersion", "1.35.2"),
        "eksCluster.kubernetesVersion",
        "pattern",
    ),
    "a name that a load balancer can't bear": (
        change("eksCluster.name", "image_serving"),
        "eksCluster.name",
        "pattern",
    ),
    "an admin by name": (
        change("eksCluster.admins", ["alice"]),
        "eksCluster.admins[0]",
        "ARN of an IAM role or user",
    ),
    "an admin who is a deployer too": (
        change("eksCluster.deployers", [ADMIN]),
        "eksCluster.viewers",
        f"must name nobody twice, admins and deployers included, as {ADMIN} is",
    ),
    "an address without a prefix's bits": (
        change("eksCluster.publicAccessCidrs", ["198.51.100.7/24"]),
        "eksCluster.publicAccessCidrs[0]",
        "without host bits",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_named(case: str) -> None:
    message, expected = message_of(WRONG[case], on_aws=True)
    assert expected in message
