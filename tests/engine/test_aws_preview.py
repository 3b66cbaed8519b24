"""Previews of stacks in AWS without an account: the genuine engine with the stand-ins.

Each planted mistake is found before anything is touched, by a message that names resource,
property, value and what is allowed.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_docker_build as docker_build
import pulumi_eks as eks
import pulumi_kubernetes as kubernetes
import pytest

from local.engine.previewing import Outcome, StandInPreview
from local.engine.resource_tree import counts_by_type
from local.engine.stand_in_stack import Program
from local.errors import LocalError

STACK = "dev"
VERSION = "1.34"
Preview = Callable[..., Outcome]


@pytest.fixture
def preview(pulumi_cli: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Preview]:
    """Takes a program, and `silence_seconds` for one that is to be given up early."""
    # An inline program whose engine gave up leaves coroutines that complain when collected.
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)

    def run(program: Program, silence_seconds: float | None = None) -> Outcome:
        made = StandInPreview(
            tmp_path / "engine", STACK, pulumi_cli, {}, program, silence_seconds=silence_seconds
        )
        return made.run(tmp_path / "log")

    yield run
    gc.collect()


def network() -> tuple[aws.ec2.Vpc, list[aws.ec2.Subnet]]:
    vpc = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16")
    subnets = [
        aws.ec2.Subnet(
            f"nodes-{zone}",
            vpc_id=vpc.id,
            cidr_block=f"10.0.{index}.0/24",
            availability_zone=f"eu-central-1{zone}",
        )
        for index, zone in enumerate("abc")
    ]
    return vpc, subnets


def eks_cluster() -> tuple[eks.Cluster, kubernetes.Provider]:
    vpc, subnets = network()
    cluster = eks.Cluster(
        "main",
        name="main",
        version=VERSION,
        vpc_id=vpc.id,
        private_subnet_ids=[subnet.id for subnet in subnets],
        skip_default_node_group=True,
        create_instance_role=False,
        authentication_mode=eks.AuthenticationMode.API,
    )
    provider = kubernetes.Provider(
        "objects",
        kubeconfig=cluster.kubeconfig_json,
        cluster_identifier=cluster.eks_cluster.arn,
    )
    return cluster, provider


def node_group(cluster_name: pulumi.Input[str], **changed: Any) -> aws.eks.NodeGroup:
    arguments: dict[str, Any] = {
        "cluster_name": cluster_name,
        "node_role_arn": "arn:aws:iam::123456789012:role/nodes",
        "subnet_ids": ["subnet-0123456789abcdef0"],
        "scaling_config": {"min_size": 0, "max_size": 2, "desired_size": 1},
        "ami_type": "AL2023_x86_64_NVIDIA",
        "taints": [{"key": "nvidia.com/gpu", "value": "true", "effect": "NO_SCHEDULE"}],
    }
    return aws.eks.NodeGroup("gpu", **(arguments | changed))


class TestASoundProgram:
    """It is planned whole: what is unknown until the run hides nothing."""

    def test_the_components_children_and_the_clusters_objects_are_planned(
        self, preview: Preview
    ) -> None:
        seen: dict[str, Any] = {}

        def program() -> None:
            cluster, provider = eks_cluster()
            group = node_group(cluster.eks_cluster.name)
            image = docker_build.Image(
                "gateway", push=False, tags=["gateway:1"], context={"location": "."}
            )
            kubernetes.apps.v1.Deployment(
                "gateway",
                spec={
                    "selector": {"match_labels": {"app": "gateway"}},
                    "template": {
                        "metadata": {"labels": {"app": "gateway"}},
                        "spec": {"containers": [{"name": "gateway", "image": image.ref}]},
                    },
                },
                opts=pulumi.ResourceOptions(provider=provider),
            )
            cluster.eks_cluster.arn.apply(lambda arn: seen.setdefault("arn", arn))
            # In a preview, apply runs for known values only.
            group.resources.apply(lambda found: seen.setdefault("resources", found))

        outcome = preview(program)
        counts = dict(counts_by_type(outcome.planned))
        assert counts["aws:eks/cluster:Cluster"] == 1
        assert counts["aws:ec2/securityGroup:SecurityGroup"] == 2
        assert counts["aws:ec2/securityGroupRule:SecurityGroupRule"] == 6
        assert counts["aws:eks/addon:Addon"] == 2
        assert counts["aws:iam/rolePolicyAttachment:RolePolicyAttachment"] == 1
        assert counts["kubernetes:apps/v1:Deployment"] == 1
        assert seen == {"arn": "arn:aws:eks:us-east-1:123456789012:cluster/main"}
        assert any("stand-in" in warning for warning in outcome.warnings)


def misspelt() -> None:
    node_group("main", scaling_config={"min_size": 0, "max_size": 2, "desired_sise": 1})


def missing() -> None:
    tag: Any = {"key": "a", "value": "b"}
    aws.autoscaling.Tag("cost", autoscaling_group_name="gpu", tag=tag)


def wrong_type() -> None:
    volume: Any = {"volume_size": "50", "encrypted": "true"}
    aws.ec2.LaunchTemplate("gpu", block_device_mappings=[{"ebs": volume}])


def wrong_enumeration_value() -> None:
    node_group("main", taints=[{"key": "nvidia.com/gpu", "effect": "NoSchedule"}])


def unknown_type() -> None:
    pulumi.CustomResource("aws:eks/nodeGrp:NodeGrp", "gpu", {})


def two_of_one_urn() -> None:
    aws.kms.Key("secrets")
    aws.kms.Key("secrets")


def two_of_one_name() -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    aws.iam.Role("autoscaler", name="nodes", assume_role_policy=policy)
    aws.iam.Role("driver", name="nodes", assume_role_policy=policy)


def not_json() -> None:
    aws.iam.Role("nodes", assume_role_policy="{'Version': '2012-10-17'}")


def misspelt_in_a_component() -> None:
    vpc, subnets = network()
    options: Any = {"enable_network_polcy": True}
    eks.Cluster(
        "main",
        vpc_id=vpc.id,
        private_subnet_ids=[subnet.id for subnet in subnets],
        skip_default_node_group=True,
        authentication_mode=eks.AuthenticationMode.API,
        vpc_cni_options=options,
    )


def invalid_manifest() -> None:
    _, provider = eks_cluster()
    kubernetes.apiextensions.CustomResource(
        "gateway",
        api_version="apps/v1",
        kind="Deployment",
        metadata={"name": "gateway"},
        spec={"replica": 2, "selector": {}, "template": {}},
        opts=pulumi.ResourceOptions(provider=provider),
    )


@pytest.mark.parametrize(
    ("program", "complaint"),
    [
        (
            misspelt,
            "scalingConfig.desired_sise: NodeGroupScalingConfig has no such input; "
            "did you mean desiredSize?",
        ),
        (missing, "tag.propagateAtLaunch: missing; TagTag requires it"),
        (
            wrong_type,
            'blockDeviceMappings[0].ebs.volumeSize = "50": a whole number is expected, '
            "this is text",
        ),
        (
            wrong_enumeration_value,
            'taints[0].effect = "NoSchedule": AWS takes one of NO_EXECUTE, NO_SCHEDULE, '
            "PREFER_NO_SCHEDULE",
        ),
        (unknown_type, "has no resource of type aws:eks/nodeGrp:NodeGrp"),
        (two_of_one_urn, "Duplicate resource URN"),
        (two_of_one_name, "has that name already"),
        (not_json, "assumeRolePolicy = \"{'Version': '2012-10-17'}\": not JSON"),
        (
            misspelt_in_a_component,
            "vpcCniOptions.enable_network_polcy: VpcCniOptions has no such input; "
            "did you mean enableNetworkPolicy?",
        ),
        (invalid_manifest, "apps/v1/Deployment of Kubernetes 1.34: spec: no such field: replica"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_planted_mistake_is_found(preview: Preview, program: Program, complaint: str) -> None:
    with pytest.raises(LocalError) as caught:
        preview(program)
    assert complaint in str(caught.value)


def test_a_cycle_is_found_and_named(preview: Preview) -> None:
    def program() -> None:
        late: asyncio.Future[str] = asyncio.get_event_loop().create_future()
        first = aws.ec2.Vpc("first", cidr_block="10.0.0.0/16", tags={"second": late})
        second = aws.ec2.Vpc("second", cidr_block="10.1.0.0/16", tags={"first": first.id})
        second.id.apply(late.set_result)

    with pytest.raises(LocalError) as caught:
        preview(program, silence_seconds=8)
    assert "the program waits for itself" in str(caught.value)
    assert "aws:ec2/vpc:Vpc first" in str(caught.value)
    assert "aws:ec2/vpc:Vpc second" in str(caught.value)


def test_the_programs_own_error_is_shown_alone(preview: Preview) -> None:
    def program() -> None:
        raise pulumi.RunError("image-serving:region is required")

    with pytest.raises(LocalError) as caught:
        preview(program)
    [_, complaint, _] = str(caught.value).splitlines()
    assert complaint.strip() == "image-serving:region is required"
