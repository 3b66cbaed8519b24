"""infra/aws/cluster_add_ons.py: after the first nodes, each with the least rights."""

import json
from typing import Any

import pytest

from infra.aws.volume_teardown import HOOK
from tests.unit.aws.nodes import (
    ADD_ON,
    NODE_GROUP,
    POLICY_ATTACHMENT,
    ROLE,
    ROLE_POLICY,
    VOLUMES_KEY,
    add_ons,
)
from tests.unit.cloud import ACCOUNT_ID
from tests.unit.harness import Program

AFTER_NODES = {
    "coredns",
    "aws-ebs-csi-driver",
    "metrics-server",
    "amazon-cloudwatch-observability",
}
OBSERVABILITY = "add-ons-amazon-cloudwatch-observability"


@pytest.fixture(scope="module")
def program() -> Program:
    return add_ons()


def configuration(program: Program, name: str) -> dict[str, Any]:
    """As EKS reads it."""
    values = json.loads(program.one(ADD_ON, name).inputs["configurationValues"])
    assert isinstance(values, dict)
    return values


class TestOrder:
    def test_they_wait_for_cpu_nodes(self, program: Program) -> None:
        """Otherwise coredns waits twenty minutes for one, and is degraded."""
        cpu = {one.urn for one in program.of_type(NODE_GROUP) if "-cpu-" in one.name}
        assert len(cpu) == 3
        for name in AFTER_NODES:
            assert cpu <= program.one(ADD_ON, f"add-ons-{name}").depends_on, name

    def test_not_for_gpu_nodes(self, program: Program) -> None:
        """Of those there is none until a pod asks."""
        gpu = {one.urn for one in program.of_type(NODE_GROUP) if "-a10g-" in one.name}
        for name in AFTER_NODES:
            assert not gpu & program.one(ADD_ON, f"add-ons-{name}").depends_on, name

    def test_with_their_rights(self, program: Program) -> None:
        """And they go before their rights do: the driver still has volumes to delete."""
        driver = program.one(ADD_ON, "add-ons-aws-ebs-csi-driver")
        rights = [*program.of_type(ROLE_POLICY), *program.of_type(POLICY_ATTACHMENT)]
        own = {one.urn for one in rights if one.inputs["role"] == "image-serving-dev-ebs-csi"}
        assert len(own) == 2 and own <= driver.depends_on


class TestEbsDriver:
    def test_it_stays_until_its_volumes_are_gone(self, program: Program) -> None:
        driver = program.one(ADD_ON, "add-ons-aws-ebs-csi-driver")
        assert driver.options.before_delete == (HOOK,)
        assert program.one("pulumi:index:Stash", "connection").urn in driver.depends_on
        others = [one for one in program.of_type(ADD_ON) if one is not driver]
        assert not any(one.options.before_delete for one in others)

    def test_its_role(self, program: Program) -> None:
        driver = program.one(ADD_ON, "add-ons-aws-ebs-csi-driver").inputs
        assert driver["podIdentityAssociations"] == [
            {
                "serviceAccount": "ebs-csi-controller-sa",
                "roleArn": f"arn:aws:iam::{ACCOUNT_ID}:role/image-serving-dev-ebs-csi",
            }
        ]

    def test_it_may_use_the_volumes_key(self, program: Program) -> None:
        policy = json.loads(
            program.one(ROLE_POLICY, "add-ons-ebs-csi-role-rights").inputs["policy"]
        )
        keys = [
            resource
            for one in policy["Statement"]
            if any(action.startswith("kms:") for action in one["Action"])
            for resource in one["Resource"]
        ]
        assert set(keys) == {VOLUMES_KEY}

    def test_volumes_are_on_the_projects_bill(self, program: Program) -> None:
        """What Kubernetes makes is outside the program, and so are its default tags."""
        tags = configuration(program, "add-ons-aws-ebs-csi-driver")["controller"]
        assert tags == {"extraVolumeTags": {"Project": "image-serving"}}


class TestObservability:
    def test_is_a_switch(self) -> None:
        program = add_ons(has_observability=False)
        names = {one.inputs["addonName"] for one in program.of_type(ADD_ON)}
        assert "amazon-cloudwatch-observability" not in names
        assert not [one for one in program.of_type(ROLE) if "cloudwatch" in one.name]

    def test_it_puts_nothing_into_pods(self, program: Program) -> None:
        """By default its operator adds an init container to every pod, and bills each request."""
        values = configuration(program, OBSERVABILITY)
        assert values["applicationSignals"] == {"enabled": False}
        assert values["manager"]["applicationSignals"]["autoMonitor"] == {
            "monitorAllServices": False
        }

    def test_metrics_are_billed_once(self, program: Program) -> None:
        values = configuration(program, OBSERVABILITY)
        assert values["containerInsights"] == {"enabled": True}
        assert values["otelContainerInsights"] == {"enabled": False}

    def test_logs_are_there_before_who_writes_them(self, program: Program) -> None:
        """The agents make none: theirs would be kept for ever, and unencrypted."""
        group = program.one("aws:cloudwatch/logGroup:LogGroup")
        assert group.urn in program.one(ADD_ON, OBSERVABILITY).depends_on

    def test_the_service_is_scraped(self, program: Program) -> None:
        pipelines = configuration(program, OBSERVABILITY)["agent"]["otelConfig"]["service"]
        assert "metrics/serving" in pipelines["pipelines"]


def test_no_add_on_takes_the_rights_of_nodes(program: Program) -> None:
    for one in program.of_type(ADD_ON):
        assert "serviceAccountRoleArn" not in one.inputs, one


def test_a_preview_shows_all(program: Program) -> None:
    assert {one.urn for one in add_ons(preview=True).resources} == {
        one.urn for one in program.resources
    }
