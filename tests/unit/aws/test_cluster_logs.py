"""infra/aws/cluster_logs.py: the group is the one that EKS writes to, and doesn't grow for ever."""

import pulumi

from infra.aws.cluster_logs import control_plane_log_group
from tests.unit.aws.ground import LOGS_KEY, PREFIX
from tests.unit.harness import run_component


def test_the_group_of_eks() -> None:
    program = run_component(
        lambda: control_plane_log_group(
            "logs",
            cluster_name=PREFIX,
            retention_days=90,
            key_arn=LOGS_KEY,
            opts=pulumi.ResourceOptions(),
        )
    )
    assert program.one("aws:cloudwatch/logGroup:LogGroup").inputs == {
        "name": f"/aws/eks/{PREFIX}/cluster",
        "retentionInDays": 90,
        "kmsKeyId": LOGS_KEY,
    }
