"""docs/costs.md: what its table says adds up, and is what the program makes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from infra.aws.cost_tags import cost_tags
from infra.aws.service_alarms import service_alarms
from infra.aws.service_metrics import Metric, Producer, ServiceMetrics
from infra.aws.vpc_endpoints import INTERFACE_SERVICES
from infra.aws.watched import EntryMeasures, RequestMeasures, Watched
from infra.settings.aws.observability import ObservabilitySettings
from tests.unit.harness import PROJECT_FOLDER

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
        volumes_gib = {"dev": 100 + 2 * 5, "prod": 2 * 150 + 2 * 20}[stack]
        assert abs(sums("sum, the model paused")[stack] - (without_gpu - 0.08 * volumes_gib)) <= 1


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
