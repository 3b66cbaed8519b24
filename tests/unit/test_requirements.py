"""docs/requirements.md: each requirement has a resource, a test and mostly a planted mistake."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pytest

from tests.unit.harness import PROJECT_FOLDER, Program

PAGE = PROJECT_FOLDER / "docs/requirements.md"
TESTS = PROJECT_FOLDER / "tests"

# What the page must speak of, point by point.
POINTS: dict[str, tuple[str, ...]] = {
    "1. Network": (
        *("VPC", "address plan", "role tags", "NAT gateway", "S3", "interface endpoints"),
        *("flow logs", "existing VPC"),
    ),
    "2. Cluster": (
        *("pinned version", "access entries", "private endpoint", "0.0.0.0/0", "KMS", "rotation"),
        *("control-plane logs", "deletion protection", "token", "cluster_identifier"),
        "existing cluster",
    ),
    "3. Nodes": (
        *("gp3", "throughput", "IMDSv2", "tags on instances", "once per zone", "vertical scaling"),
        *("names its group", "driver", "taint", "0 to N", "spot", "update config", "node repair"),
        *("desired size", "scale-from-zero"),
    ),
    "4. Add-ons": (
        *("pinned", "after the nodes", "VPC CNI", "kube-proxy", "CoreDNS", "EBS CSI"),
        *("Pod Identity agent", "metrics-server", "CloudWatch observability"),
    ),
    "5. Rights": (
        *("Pod Identity", "least privilege", "EBS CSI", "autoscaler", "one prefix", "CloudWatch"),
        "linted",
    ),
    "6. Registry and storage": (
        *("immutable tags", "scan on push", "KMS", "lifecycle", "built and pushed", "by digest"),
        *("versioned", "TLS only", "no public access", "datasets volume", "batch job"),
        *("outlives the cluster", "snapshots"),
    ),
    "7. Entry": (
        *("Load Balancer", "target group", "attachment", "NodePort", "source ranges", "TLS"),
        *("record", "plain HTTP"),
    ),
    "8. Observability and cost": (
        *("dashboard", "errors", "latency", "no ready pod", "unschedulable", "nearly full", "SNS"),
        *("producer", "log retention", "tags", "budget", "idle cost", "paused", "time-slicing"),
    ),
    "Platform": (
        *("device plugin", "ConfigMap", "cluster autoscaler", "least rights", "balanced"),
        *("StorageClasses", "priority classes", "quota", "limit range", "requests in flight"),
    ),
    "Teardown": ("by the graph", "waited for", "are to stay", "protected", "one command"),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    point: str
    requirement: str
    type: str
    test: str
    planted: str


def rows() -> Iterator[Row]:
    for section in re.split(r"^## ", PAGE.read_text(), flags=re.M)[1:]:
        point, _, table = section.partition("\n")
        for line in table.splitlines():
            cells = [cell.strip().strip("`") for cell in line.split("|")[1:-1]]
            if len(cells) == 4 and ":" in cells[1]:
                requirement, type_, test, planted = cells
                yield Row(
                    point=point, requirement=requirement, type=type_, test=test, planted=planted
                )


ROWS = list(rows())


@lru_cache
def names_in(file: str) -> tuple[frozenset[str], frozenset[str]]:
    """Functions of a file, and its texts."""
    nodes = list(ast.walk(ast.parse((TESTS / file).read_text())))
    functions = frozenset(node.name for node in nodes if isinstance(node, ast.FunctionDef))
    texts = frozenset(
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return functions, texts


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.point}: {row.requirement}")
class TestRow:
    def test_the_resource_is_in_a_stack(self, dev: Program, prod: Program, row: Row) -> None:
        assert row.type in {one.type for program in (dev, prod) for one in program.resources}

    def test_the_test_is_there(self, row: Row) -> None:
        file, _, name = row.test.partition("::")
        assert name.startswith("test_")
        assert name in names_in(file)[0]

    def test_the_planted_mistake_is_there(self, row: Row) -> None:
        if row.planted:
            file, _, name = row.planted.partition("::")
            assert any(name in names for names in names_in(file)), row.planted


@pytest.mark.parametrize("point", POINTS)
class TestPoint:
    def test_nothing_is_left_out(self, point: str) -> None:
        said = " ".join(row.requirement for row in ROWS if row.point == point)
        assert [word for word in POINTS[point] if word not in said] == []

    def test_a_mistake_is_planted(self, point: str) -> None:
        assert [row for row in ROWS if row.point == point and row.planted]


def test_there_are_no_other_points() -> None:
    assert {row.point for row in ROWS} == POINTS.keys()
