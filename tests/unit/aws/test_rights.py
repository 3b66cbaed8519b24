"""infra/aws/rights.py: documents that a linter passes, and what each role must not do."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import parliament
import pulumi
import pytest

from infra.aws import rights
from infra.aws.datasets_volume import SNAPSHOT_TAG
from infra.aws.iam_documents import Statement, policy_document
from infra.aws.service_metrics import PROMETHEUS_NAMESPACE
from tests.unit.aws.ground import PREFIX
from tests.unit.aws.nodes import CLUSTER, VOLUMES_KEY
from tests.unit.cloud import ACCOUNT_ID, REGION
from tests.unit.harness import run_component

STORAGE_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/storage"
SYNC = {"bucket_url": "s3://team-models/vision/digits", "key_arn": STORAGE_KEY}
ROLES: dict[str, Callable[[], Sequence[Statement]]] = {
    "ebs_csi": lambda: rights.ebs_csi(CLUSTER, VOLUMES_KEY),
    "cluster_autoscaler": lambda: rights.cluster_autoscaler(CLUSTER),
    "model_sync": lambda: rights.model_sync(CLUSTER, **SYNC),
    "cloudwatch_agent": lambda: rights.cloudwatch_agent(CLUSTER),
}


def document(statements: Sequence[Statement]) -> str:
    program = run_component(lambda: pulumi.export("policy", policy_document(statements)))
    return str(program.outputs["policy"])


def by_sid(statements: Sequence[Statement]) -> dict[str, dict[str, Any]]:
    return {one["Sid"]: one for one in json.loads(document(statements))["Statement"]}


def findings(policy: str) -> list[str]:
    """Of parliament: actions, conditions and forms of resources that AWS doesn't know."""
    return [
        f"{one.issue} {one.detail}" for one in parliament.analyze_policy_string(policy).findings
    ]


class TestLinter:
    @pytest.mark.parametrize("role", ROLES)
    def test_passes(self, role: str) -> None:
        """IAM itself takes misspelt actions, and then allows nothing."""
        assert findings(document(ROLES[role]())) == []

    @pytest.mark.parametrize(
        ("action", "resource", "finding"),
        [
            ("s3:GetObjekt", "arn:aws:s3:::models/a", "UNKNOWN_ACTION"),
            ("s3:GetObject", "arn:aws:s3:::models", "RESOURCE_MISMATCH"),
        ],
    )
    def test_finds_what_is_wrong(self, action: str, resource: str, finding: str) -> None:
        wrong = Statement(sid="Wrong", actions=[action], resources=[resource])
        (found,) = findings(document([wrong]))
        assert found.startswith(finding)


class TestModelSync:
    """Reads one model, and neither other models nor datasets beside them."""

    @pytest.fixture
    def statements(self) -> dict[str, dict[str, Any]]:
        return by_sid(ROLES["model_sync"]())

    def test_lists_below_its_prefix(self, statements: dict[str, dict[str, Any]]) -> None:
        listing = statements["ListVersions"]
        assert listing["Resource"] == ["arn:aws:s3:::team-models"]
        # The slash: `vision/digits-secret` begins like `vision/digits`.
        assert listing["Condition"] == {"StringLike": {"s3:prefix": "vision/digits/*"}}

    def test_reads_below_its_prefix(self, statements: dict[str, dict[str, Any]]) -> None:
        reading = statements["ReadVersions"]
        assert reading["Action"] == ["s3:GetObject"]
        assert reading["Resource"] == ["arn:aws:s3:::team-models/vision/digits/*"]

    def test_decrypts_through_s3_alone(self, statements: dict[str, dict[str, Any]]) -> None:
        decrypting = statements["DecryptVersions"]
        assert decrypting["Resource"] == [STORAGE_KEY]
        assert decrypting["Condition"] == {
            "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}
        }

    def test_writes_nothing(self, statements: dict[str, dict[str, Any]]) -> None:
        assert {action for one in statements.values() for action in one["Action"]} == {
            "s3:ListBucket",
            "s3:GetObject",
            "kms:Decrypt",
        }

    def test_a_bucket_under_amazons_own_key(self) -> None:
        without = rights.model_sync(CLUSTER, bucket_url=SYNC["bucket_url"], key_arn=None)
        assert by_sid(without).keys() == {"ListVersions", "ReadVersions"}

    def test_in_china(self) -> None:
        china = rights.model_sync(replace(CLUSTER, region="cn-north-1"), **SYNC)
        assert by_sid(china)["ReadVersions"]["Resource"] == [
            "arn:aws-cn:s3:::team-models/vision/digits/*"
        ]


class TestClusterAutoscaler:
    def test_changes_groups_of_its_cluster_alone(self) -> None:
        """Another cluster's nodes in the same account are none of its business."""
        scaling = by_sid(ROLES["cluster_autoscaler"]())["ScaleOwnGroups"]
        assert scaling["Condition"]["StringEquals"] == {
            "aws:ResourceTag/k8s.io/cluster-autoscaler/enabled": "true",
            f"aws:ResourceTag/k8s.io/cluster-autoscaler/{PREFIX}": "owned",
        }

    def test_without_condition_it_only_looks(self) -> None:
        for sid, statement in by_sid(ROLES["cluster_autoscaler"]()).items():
            if "Condition" not in statement:
                verbs = {action.split(":")[1] for action in statement["Action"]}
                assert all(verb.startswith(("Describe", "Get")) for verb in verbs), sid


class TestEbsDriver:
    def test_hands_the_key_on_to_ec2_alone(self) -> None:
        granting = by_sid(ROLES["ebs_csi"]())["LetEc2UseTheKey"]
        assert granting["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}
        assert granting["Resource"] == [VOLUMES_KEY]

    def test_has_aws_s_policy_that_ends_at_the_drivers_own_volumes(self) -> None:
        """The first one (`service-role/AmazonEBSCSIDriverPolicy`) lets it attach any volume of the
        account to any node.
        """
        assert rights.EBS_CSI_POLICY == "AmazonEBSCSIDriverPolicyV2"

    def test_attaches_the_datasets_and_can_do_nothing_else_to_them(self) -> None:
        """They aren't of the driver's making, so AWS's policy says nothing of them."""
        mounting = by_sid(ROLES["ebs_csi"]())["MountDatasets"]
        assert set(mounting["Action"]) == {"ec2:AttachVolume", "ec2:DetachVolume"}
        assert mounting["Condition"] == {
            "StringEquals": {f"aws:ResourceTag/{SNAPSHOT_TAG}": PREFIX}
        }


class TestCloudwatchAgent:
    @pytest.fixture
    def statements(self) -> dict[str, dict[str, Any]]:
        return by_sid(ROLES["cloudwatch_agent"]())

    def test_writes_into_its_clusters_groups(self, statements: dict[str, dict[str, Any]]) -> None:
        (groups,) = statements["WriteLogs"]["Resource"]
        assert groups.endswith(f":log-group:/aws/containerinsights/{PREFIX}/*")

    def test_makes_no_group(self, statements: dict[str, dict[str, Any]]) -> None:
        """It would be one without retention and key."""
        actions = {action for one in statements.values() for action in one["Action"]}
        assert "logs:CreateLogGroup" not in actions

    def test_publishes_in_its_namespace(self, statements: dict[str, dict[str, Any]]) -> None:
        assert statements["PublishMetrics"]["Condition"] == {
            "StringEquals": {"cloudwatch:namespace": PROMETHEUS_NAMESPACE}
        }
