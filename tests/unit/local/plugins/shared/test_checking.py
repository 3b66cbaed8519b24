"""Mistakes in inputs are found at every depth, and named without what is secret."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.shared import sdk
from local.plugins.shared.checking import problems
from local.plugins.shared.values import SIGNATURE_KEY, UNKNOWN, Path

AWS = sdk.Package("pulumi_aws")
EKS = sdk.Package("pulumi_eks")
SOUND: dict[str, Any] = {
    "clusterName": "main",
    "nodeRoleArn": UNKNOWN,
    "subnetIds": UNKNOWN,
    "scalingConfig": {"minSize": 0, "maxSize": UNKNOWN, "desiredSize": 1},
}


def found(
    inputs: dict[str, Any],
    token: str = "aws:eks/nodeGroup:NodeGroup",
    secrets: frozenset[Path] = frozenset(),
) -> list[str]:
    package = EKS if token.startswith("eks:") else AWS
    fields = package.inputs(token)
    assert fields is not None
    return [each.text(secrets) for each in problems(inputs, fields, token.rpartition(":")[2])]


def test_sound_inputs_pass_and_so_does_what_is_not_known_yet() -> None:
    assert found(SOUND) == []


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        (
            {"capacityTyp": "SPOT"},
            "capacityTyp: NodeGroup has no such input; did you mean capacityType?",
        ),
        (
            {"taints": [{"key": "a", "effect": "NO_SCHEDULE", "values": "b"}]},
            "taints[0].values: NodeGroupTaint has no such input; did you mean value?",
        ),
        ({"taints": [{"key": "a"}]}, "taints[0].effect: missing; NodeGroupTaint requires it"),
        ({"clusterName": None}, "clusterName: missing; NodeGroup requires it"),
        ({"diskSize": "50"}, 'diskSize = "50": a whole number is expected, this is text'),
        ({"diskSize": 50.5}, "diskSize = 50.5: a whole number is expected, this is a number"),
        ({"diskSize": True}, "diskSize = true: a whole number is expected, this is true or false"),
        (
            {"forceUpdateVersion": "true"},
            'forceUpdateVersion = "true": true or false is expected, this is text',
        ),
        ({"subnetIds": "subnet-1"}, 'subnetIds = "subnet-1": a list is expected, this is text'),
        ({"subnetIds": ["a", 1]}, "subnetIds[1] = 1: text is expected, this is a number"),
        ({"labels": {"a.b/c": 1}}, 'labels["a.b/c"] = 1: text is expected, this is a number'),
        (
            {"updateConfig": [1]},
            "updateConfig = [1]: an object (NodeGroupUpdateConfig) is expected, this is a list",
        ),
    ],
)
def test_a_mistake_is_named_with_path_value_and_what_is_expected(
    changed: dict[str, Any], complaint: str
) -> None:
    assert found(SOUND | changed) == [complaint]


def test_a_secret_value_is_not_shown() -> None:
    secrets: frozenset[Path] = frozenset({("labels",)})
    [complaint] = found(SOUND | {"labels": {"a": 1234}}, secrets=secrets)
    assert "1234" not in complaint
    assert complaint.startswith("labels.a = [secret]")


def test_of_a_union_the_likeliest_option_complains() -> None:
    cluster = {"storageClasses": {"fast": {"tipe": "gp3"}}}
    assert any(
        complaint.startswith("storageClasses.fast.tipe: StorageClass has no such input")
        for complaint in found(cluster, "eks:index:Cluster")
    )


def test_a_reference_to_a_resource_and_its_id_are_both_a_resource() -> None:
    reference = {SIGNATURE_KEY: "5cf8f73096256a8f31e491e813e4eb8e", "urn": "u", "id": "i"}
    for role in (reference, "arn:aws:iam::123456789012:role/a"):
        assert found({"serviceRole": role}, "eks:index:Cluster") == []


def test_what_the_genuine_plugin_keeps_among_the_inputs_is_no_mistake() -> None:
    assert found(SOUND | {"__defaults": ["nodeGroupName"]}) == []
