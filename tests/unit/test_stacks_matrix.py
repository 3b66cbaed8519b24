"""The program with other settings than those of its stacks: each part off or on, other grounds."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.unit.harness import (
    API_KEY,
    Program,
    Settings,
    local_settings,
    run_program,
    stack_settings,
)
from tests.unit.recorded import broken_rules, leaks

NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
IMAGES = {
    "gatewayImage": "registry.example/gateway:1.0.0",
    "modelServerImage": "registry.example/model-server:1.0.0",
}
A_GPU_GROUP = {"instanceTypes": ["g5.xlarge"], "accelerator": "nvidia-a10g"}
ON_CPUS = {"models": [{"name": "digits", "image": "registry.example/digits:1"}]}


def changed(settings: Settings, changes: Settings) -> Settings:
    """With these fields set, the others of an object kept."""
    return settings | {
        key: settings[key] | value if isinstance(value, dict) and key in settings else value
        for key, value in changes.items()
    }


def run(stack: str, changes: Settings) -> Program:
    """With the invariants of any stack."""
    program = run_program(changed(stack_settings(stack), changes), stack=stack)
    assert leaks(program, API_KEY) == []
    assert broken_rules(program) == []
    return program


def types(program: Program) -> Counter[str]:
    return Counter(one.type for one in program.resources)


def off(part: str) -> Settings:
    return {part: {"enabled": False}}


# What is switched off → the settings, and a type of each component that is gone with it.
PARTS: dict[str, tuple[Settings, tuple[str, ...]]] = {
    "registry": (
        IMAGES | {"registry": {"enabled": False, "buildImages": False}},
        ("aws:ecr/repository:Repository", "docker-build:index:Image"),
    ),
    "bucket": (off("modelBucket"), ("aws:s3/bucket:Bucket", "aws:s3/bucketPolicy:BucketPolicy")),
    "datasets": (
        off("datasetsVolume"),
        ("aws:ebs/volume:Volume", "aws:dlm/lifecyclePolicy:LifecyclePolicy"),
    ),
    "entry": (off("entry"), ("aws:lb/loadBalancer:LoadBalancer", "aws:lb/listener:Listener")),
    "observability": (
        off("observability"),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/dashboard:Dashboard"),
    ),
    "budget": ({"observability": {"monthlyBudgetUsd": 0}}, ("aws:budgets/budget:Budget",)),
    "device plugin and autoscaler, without GPUs": (
        ON_CPUS | {"platform": {"devicePlugin": False, "clusterAutoscaler": False}},
        ("kubernetes:apps/v1:DaemonSet", "serving:platform:ClusterAutoscaler"),
    ),
    "storage classes": (
        {"platform": {"storageClasses": False}, "storageClass": "gp2"},
        ("kubernetes:storage.k8s.io/v1:StorageClass",),
    ),
    "priority classes": (
        {"platform": {"priorityClasses": False}},
        ("kubernetes:scheduling.k8s.io/v1:PriorityClass",),
    ),
    "quota": (
        {"platform": {"maxPods": 0, "maxGpus": 0}},
        ("kubernetes:core/v1:ResourceQuota",),
    ),
}


class TestParts:
    """What is switched off leaves nothing behind, and the rest stands without it."""

    @pytest.mark.parametrize("part", PARTS)
    def test_off(self, dev: Program, part: str) -> None:
        changes, gone = PARTS[part]
        made = types(run("dev", changes))
        for type_ in gone:
            assert type_ in types(dev), f"{type_} was never there"
            assert type_ not in made, f"{type_} is left"
        assert made["kubernetes:apps/v1:StatefulSet"] == 1, "the model is not served any more"

    def test_interface_endpoints_off(self, prod: Program) -> None:
        endpoint = "aws:ec2/vpcEndpoint:VpcEndpoint"
        without = run("prod", {"network": {"interfaceEndpoints": False}})
        assert types(prod)[endpoint] > 1
        assert [one.inputs["vpcEndpointType"] for one in without.of_type(endpoint)] == ["Gateway"]


class TestZones:
    """Volumes are of one zone, so each group of nodes is there once in each."""

    @pytest.mark.parametrize("zones", ["ab", "abc"])
    def test_groups_and_subnets_follow(self, zones: str) -> None:
        names = [f"eu-west-1{zone}" for zone in zones]
        program = run("dev", {"network": {"zones": names}})
        made = types(program)
        assert made[NODE_GROUP] == 2 * len(zones)  # CPU and GPU
        assert made["aws:ec2/subnet:Subnet"] == 2 * len(zones)  # private and public
        assert made["aws:ec2/natGateway:NatGateway"] == 1
        cluster = program.one("eks:index:Cluster")
        assert len(cluster.inputs["privateSubnetIds"]) == len(zones)


class TestGpus:
    def test_no_group(self) -> None:
        program = run("dev", ON_CPUS | {"gpuNodes": []})
        assert {one.inputs["amiType"] for one in program.of_type(NODE_GROUP)} == {
            "AL2023_x86_64_STANDARD"
        }
        assert program.outputs["gpu_node_group"] == ""

    def test_several_groups(self) -> None:
        """A bigger one beside the first; a model names the one that it wants."""
        settings = stack_settings("dev")
        bigger = A_GPU_GROUP | {"name": "gpu-large", "instanceTypes": ["g5.4xlarge"]}
        model = settings["models"][0] | {"nodeGroup": "gpu-large"}
        program = run("dev", {"gpuNodes": [*settings["gpuNodes"], bigger], "models": [model]})
        labels = Counter(
            one.inputs["labels"]["serving/node-group"] for one in program.of_type(NODE_GROUP)
        )
        assert labels == {"cpu": 2, "gpu": 2, "gpu-large": 2}
        pod = program.only("StatefulSet", "model-digits").spec["template"]["spec"]
        assert "gpu-large" in str(pod)

    def test_a_paused_model(self, dev: Program) -> None:
        """No replicas, and nothing that would raise them, or ring for them."""
        [model] = stack_settings("dev")["models"]
        program = run("dev", {"models": [model | {"paused": True}]})
        assert program.only("StatefulSet", "model-digits").spec["replicas"] == 0
        scaled = {one.object_name for one in program.all("HorizontalPodAutoscaler")}
        assert scaled == {"gateway"}
        alarm = "alarms-no-ready-pod-digits"
        assert alarm in {one.name for one in dev.resources}
        assert alarm not in {one.name for one in program.resources}


class TestEntry:
    RECORD = "aws:route53/record:Record"
    CERTIFICATE = "aws:acm/certificate:Certificate"

    def listener(self, program: Program) -> dict[str, Any]:
        return program.one("aws:lb/listener:Listener").inputs

    def test_with_a_domain(self, prod: Program) -> None:
        assert self.listener(prod)["protocol"] == "TLS"
        assert types(prod)[self.CERTIFICATE] == 1
        assert prod.outputs["gateway_url"] == "https://vision.example.com"

    def test_without_one(self) -> None:
        plain = {"domainName": "", "hostedZoneId": "", "allowPlainHttp": True}
        program = run("prod", {"entry": plain | {"scheme": "internal", "sourceCidrs": []}})
        assert self.listener(program)["protocol"] == "TCP"
        assert {self.RECORD, self.CERTIFICATE}.isdisjoint(types(program))
        assert program.outputs["gateway_url"].startswith("http://")

    def test_with_a_certificate_that_is_there(self) -> None:
        arn = "arn:aws:acm:eu-west-1:444455556666:certificate/12345678-1234-1234-1234-123456789012"
        program = run("prod", {"entry": {"hostedZoneId": "", "certificateArn": arn}})
        assert self.listener(program)["certificateArn"] == arn
        assert {self.RECORD, self.CERTIFICATE}.isdisjoint(types(program))


class TestOtherGrounds:
    def test_a_vpc_that_is_there(self) -> None:
        subnets = {f"eu-west-1{zone}": f"subnet-0123456789abcde{zone}{zone}" for zone in "ab"}
        vpc = {
            "vpcId": "vpc-0123456789abcdef0",
            "cidr": "10.0.0.0/16",
            "privateSubnetIds": subnets,
            "publicSubnetIds": {},
        }
        made = types(run("dev", {"network": {"existingVpc": vpc}}))
        assert not [
            type_ for type_ in made if type_ in ("aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet")
        ]
        assert made[NODE_GROUP] == 4

    def test_a_cluster_that_is_there_with_registry_and_bucket_in_aws(
        self, kubeconfig: Path
    ) -> None:
        dev = stack_settings("dev")
        settings = local_settings() | {
            key: dev[key] for key in ("awsRegion", "awsAccountId", "registry", "modelBucket")
        }
        program = run_program(
            settings | {"kubeconfig": str(kubeconfig), "network": dev["network"]}, stack="dev"
        )
        assert leaks(program, API_KEY) == []
        made = types(program)
        assert made["aws:ecr/repository:Repository"] == 3
        assert made["aws:s3/bucket:Bucket"] == 1
        assert not [type_ for type_ in made if type_.startswith(("eks:", "aws:eks/", "aws:ec2/"))]
        assert program.outputs["model_bucket"].startswith("image-serving-dev-models")
        provider = program.one("pulumi:providers:kubernetes")
        assert provider.inputs["kubeconfig"] == kubeconfig.read_text()
