"""infra/aws/dashboard.py: JSON that CloudWatch takes, of metrics that somebody makes."""

import json
from typing import Any

import pytest

from infra.aws.dashboard import Dashboard, DashboardArgs
from tests.unit.aws.nodes import add_ons
from tests.unit.aws.producers import produced
from tests.unit.aws.watching import PREFIX, watched
from tests.unit.harness import Program, run_component

DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"


def build() -> None:
    Dashboard("dashboard", DashboardArgs(prefix=PREFIX, region="eu-west-1", watched=watched()))


@pytest.fixture(scope="module")
def program() -> Program:
    return run_component(build)


@pytest.fixture(scope="module")
def graphs(program: Program) -> list[dict[str, Any]]:
    widgets: list[dict[str, Any]] = json.loads(program.one(DASHBOARD).inputs["dashboardBody"])[
        "widgets"
    ]
    return widgets


class TestDashboard:
    def test_every_metric_is_made_with_these_dimensions(
        self, program: Program, graphs: list[dict[str, Any]]
    ) -> None:
        known = produced(program, add_ons())
        shown = [
            metric
            for graph in graphs
            for metric in graph["properties"]["metrics"]
            if not isinstance(metric[0], dict)
        ]
        assert len(shown) > 10
        for namespace, name, *dimensions, _ in shown:
            assert (namespace, name, frozenset(dimensions[::2])) in known

    def test_is_named_as_the_stack(self, program: Program) -> None:
        assert program.one(DASHBOARD).inputs["dashboardName"] == PREFIX

    def test_each_model_is_in_it(self, graphs: list[dict[str, Any]]) -> None:
        text = json.dumps(graphs)
        assert "model-digits" in text
        assert "model-xception" in text
