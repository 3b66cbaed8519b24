"""docs/costs.md: what its table says adds up, and is what the program makes."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pytest

from infra.aws.cost_tags import cost_tags
from infra.aws.service_alarms import service_alarms
from infra.aws.service_metrics import Metric, Producer, ServiceMetrics
from infra.aws.vpc_endpoints import INTERFACE_SERVICES
from infra.aws.watched import EntryMeasures, RequestMeasures, Watched
from infra.settings.aws.observability import ObservabilitySettings
from tests.unit.harness import PROJECT_FOLDER, Program, run_program, stack_settings

PAGE = PROJECT_FOLDER / "docs/costs.md"
HOURS_IN_A_MONTH = 730
PRICE = re.compile(r"([\d.]+) / (hour|month)")
STACKS = ("dev", "prod")


@dataclass(frozen=True, kw_only=True)
class Row:
    what: str
    usd_per_month: float  # of one
    counts: dict[str, int]
    shown_usd: dict[str, int]


def cells() -> Iterator[list[str]]:
    for line in PAGE.read_text().splitlines():
        if line.startswith("|"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def rows() -> Iterator[Row]:
    for what, *rest in cells():
        price = PRICE.fullmatch(rest[0])
        if price:
            hours = HOURS_IN_A_MONTH if price[2] == "hour" else 1
            yield Row(
                what=what,
                usd_per_month=float(price[1]) * hours,
                counts={"dev": int(rest[1]), "prod": int(rest[3])},
                shown_usd={"dev": int(rest[2]), "prod": int(rest[4])},
            )


def sums(name: str) -> dict[str, int]:
    (found,) = [row for row in cells() if row[0] == f"**{name}**"]
    return {"dev": int(found[3].strip("*")), "prod": int(found[5].strip("*"))}


def count(what: str, stack: str) -> int:
    """That of the one row that begins so."""
    (row,) = [row for row in rows() if row.what.startswith(what)]
    return row.counts[stack]


@lru_cache
def program(stack: str) -> Program:
    return run_program(stack_settings(stack), stack=stack)


@dataclass(frozen=True, kw_only=True)
class Floor:
    """What a stack's least replicas need, as the program registers it."""

    cpu_nodes: int
    cpu_type: str
    cpu_disks_gib: int
    gpu_nodes: int
    gpu_type: str
    gpu_disks_gib: int
    gpu_disk_mib_per_second: int
    models_gib: int


@lru_cache
def floor(stack: str) -> Floor:
    made = program(stack)
    groups = made.of_type("aws:eks/nodeGroup:NodeGroup")
    cpu = [one.inputs for one in groups if one.inputs["labels"]["serving/node-group"] == "cpu"]
    gpu = [one.inputs for one in groups if one.inputs["labels"]["serving/node-group"] == "gpu"]
    replicas = made.only("HorizontalPodAutoscaler", "model-digits").spec["minReplicas"]
    servers = made.only("StatefulSet", "model-digits").spec
    (volume,) = servers["volumeClaimTemplates"]
    gpus = servers["template"]["spec"]["containers"][0]["resources"]["limits"]["nvidia.com/gpu"]
    shares = stack_settings(stack)["gpuNodes"][0].get("podsPerGpu", 1)
    cpu_nodes = sum(one["scalingConfig"]["minSize"] for one in cpu)
    gpu_nodes = sum(one["scalingConfig"]["minSize"] for one in gpu) or math.ceil(
        replicas * int(gpus) / shares
    )
    cpu_disk, gpu_disk = disk(made, "nodes-cpu"), disk(made, "nodes-gpu")
    return Floor(
        cpu_nodes=cpu_nodes,
        cpu_type=cpu[0]["instanceTypes"][0],
        cpu_disks_gib=cpu_nodes * cpu_disk["volumeSize"],
        gpu_nodes=gpu_nodes,
        gpu_type=gpu[0]["instanceTypes"][0],
        gpu_disks_gib=gpu_nodes * gpu_disk["volumeSize"],
        gpu_disk_mib_per_second=gpu_disk["throughput"],
        models_gib=replicas * gib(volume["spec"]["resources"]["requests"]["storage"]),
    )


def disk(made: Program, template: str) -> dict[str, Any]:
    (mapping,) = made.one("aws:ec2/launchTemplate:LaunchTemplate", template).inputs[
        "blockDeviceMappings"
    ]
    ebs: dict[str, Any] = mapping["ebs"]
    return ebs


def gib(quantity: str) -> int:
    return int(quantity.removesuffix("Gi"))


@pytest.mark.parametrize("stack", STACKS)
class TestCounts:
    """Each is that of the program with the stack's own settings."""

    @pytest.mark.parametrize(
        ("what", "type_"),
        [
            ("EKS control plane", "eks:index:Cluster"),
            ("Network Load Balancer", "aws:lb/loadBalancer:LoadBalancer"),
            ("KMS key", "aws:kms/key:Key"),
            ("CloudWatch dashboard", "aws:cloudwatch/dashboard:Dashboard"),
        ],
    )
    def test_of_what_is_one_resource(self, stack: str, what: str, type_: str) -> None:
        assert count(what, stack) == len(program(stack).of_type(type_))

    def test_nat_gateways(self, stack: str) -> None:
        made = program(stack).of_type("aws:ec2/natGateway:NatGateway")
        assert count("NAT gateway", stack) == len(made) == {"dev": 1, "prod": 3}[stack]

    def test_public_addresses(self, stack: str) -> None:
        (entry,) = program(stack).of_type("aws:lb/loadBalancer:LoadBalancer")
        of_entry = 0 if entry.inputs["internal"] else len(entry.inputs["subnets"])
        of_gateways = len(program(stack).of_type("aws:ec2/eip:Eip"))
        assert count("public IPv4 address", stack) == of_gateways + of_entry

    def test_interface_endpoints(self, stack: str) -> None:
        """Each is paid in every zone that it is in."""
        in_zones = [
            len(one.inputs["subnetIds"])
            for one in program(stack).of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
            if one.inputs["vpcEndpointType"] == "Interface"
        ]
        assert count("interface endpoint", stack) == sum(in_zones)

    def test_cpu_nodes(self, stack: str) -> None:
        assert count(f"CPU node {floor(stack).cpu_type}", stack) == floor(stack).cpu_nodes

    def test_gpu_nodes(self, stack: str) -> None:
        """As many as the least replicas need, by one GPU or share each."""
        assert count(f"GPU node {floor(stack).gpu_type}", stack) == floor(stack).gpu_nodes

    def test_storage(self, stack: str) -> None:
        needs = floor(stack)
        (datasets,) = program(stack).of_type("aws:ebs/volume:Volume")
        assert count("gp3 storage", stack) == (
            needs.cpu_disks_gib + needs.gpu_disks_gib + needs.models_gib + datasets.inputs["size"]
        )
        above_free = needs.gpu_nodes * (needs.gpu_disk_mib_per_second - 125)
        assert count("gp3 throughput", stack) == above_free


@pytest.mark.parametrize("stack", STACKS)
class TestArithmetic:
    def test_of_each_row(self, stack: str) -> None:
        for row in rows():
            cost = row.usd_per_month * row.counts[stack]
            assert abs(row.shown_usd[stack] - cost) <= 0.51, row.what

    def test_of_the_sum(self, stack: str) -> None:
        assert sums("sum")[stack] == sum(row.shown_usd[stack] for row in rows())

    def test_of_the_sum_without_gpu_nodes(self, stack: str) -> None:
        """Without their disks, and the models' volumes, too."""
        without_gpu = sum(
            row.shown_usd[stack]
            for row in rows()
            if not row.what.startswith(("GPU node", "gp3 throughput"))
        )
        gone = floor(stack).gpu_disks_gib + floor(stack).models_gib
        assert abs(sums("sum, the model paused")[stack] - (without_gpu - 0.08 * gone)) <= 1


class TestFacts:
    def test_every_tag_is_named(self) -> None:
        named = {row[0].strip("`"): row[1] for row in cells() if len(row) == 2}
        for key, value in cost_tags(project="image-serving", stack="dev").items():
            assert f"`{value}`" in named[key]

    def test_alarms_of_a_stack_with_one_model_and_datasets(self) -> None:
        metric = Metric(producer=Producer.ACCESS_LOG, namespace="n", name="m", dimensions={})
        watched = Watched(
            service=ServiceMetrics(cluster_name="c", namespace="serving"),
            requests=RequestMeasures(requests=metric, server_errors=metric, latency=metric),
            models=("digits",),
            volumes=("models-model-digits", "datasets"),
            entry=EntryMeasures(load_balancer_arn_suffix="a", target_group_arn_suffix="b"),
        )
        alarms = service_alarms(watched, ObservabilitySettings())
        (row,) = [row for row in rows() if row.what.startswith("CloudWatch alarm")]
        assert row.counts["dev"] == sum(len(alarm.statistics) for alarm in alarms)

    def test_interface_endpoints_in_three_zones(self) -> None:
        (row,) = [row for row in rows() if row.what.startswith("interface endpoint")]
        assert f"one of {len(INTERFACE_SERVICES)} in" in row.what
        assert row.counts["prod"] == 3 * len(INTERFACE_SERVICES)
