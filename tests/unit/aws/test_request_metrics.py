"""infra/aws/request_metrics.py: a line of the gateway's log is counted for what it tells."""

import ast
from typing import Any

import pytest

from infra.aws.request_metrics import (
    LATENCY,
    PROBE_PATHS,
    REQUESTS,
    SERVER_ERRORS,
    RequestMetrics,
    RequestMetricsArgs,
)
from tests.unit.aws.filter_patterns import matches
from tests.unit.harness import PROJECT_FOLDER, Program, Registration, run_component

ACCESS = PROJECT_FOLDER / "services/gateway/gateway/access.py"
FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"


@pytest.fixture(scope="module")
def program() -> Program:
    args = RequestMetricsArgs(
        prefix="image-serving-dev",
        log_group_name="/aws/containerinsights/image-serving-dev/application",
        namespace="image-serving",
    )
    return run_component(lambda: RequestMetrics("requests", args))


@pytest.fixture(scope="module")
def filters(program: Program) -> dict[str, Registration]:
    return {each.inputs["metricTransformation"]["name"]: each for each in program.of_type(FILTER)}


def line(
    status: int = 200,
    *,
    path: str = "/predict",
    method: str = "POST",
    message: str = "request",
    container: str = "gateway",
    namespace: str = "image-serving",
) -> dict[str, Any]:
    """As Fluent Bit sends what services/gateway/gateway/access.py logs."""
    return {
        "log_processed": {
            "level": "info",
            "message": message,
            "method": method,
            "path": path,
            "status": status,
            "duration_ms": 12.5,
        },
        "kubernetes": {"container_name": container, "namespace_name": namespace},
    }


class TestLinesOfTheGateway:
    """The patterns name fields that the gateway's log really has."""

    def test_fields(self) -> None:
        logged = {
            ast.literal_eval(key)
            for node in ast.walk(ast.parse(ACCESS.read_text()))
            if isinstance(node, ast.Dict)
            for key in node.keys
            if key
        }
        assert {"method", "path", "status", "duration_ms"} <= logged
        assert 'access_logger.info("request"' in ACCESS.read_text()

    def test_probes(self) -> None:
        assert f"PROBES = {PROBE_PATHS!r}".replace("'", '"') in ACCESS.read_text()


class TestCounted:
    @pytest.mark.parametrize(
        ("event", "counted"),
        [
            (line(), {REQUESTS, LATENCY}),
            (line(422), {REQUESTS, LATENCY}),
            (line(500), {REQUESTS, LATENCY, SERVER_ERRORS}),
            (line(503), {REQUESTS, LATENCY, SERVER_ERRORS}),
            (line(path="/", method="GET"), {REQUESTS}),
            (line(503, path="/readyz", method="GET"), set()),
            (line(message="starting"), set()),
            (line(container="server"), set()),
            (line(namespace="another"), set()),
            ({"log": "a line that is no JSON", "kubernetes": line()["kubernetes"]}, set()),
        ],
        ids=[
            *("prediction", "a caller's error", "our error", "no model", "the page", "a probe"),
            *("no request", "another container", "another namespace", "no JSON"),
        ],
    )
    def test_as(
        self, filters: dict[str, Registration], event: dict[str, Any], counted: set[str]
    ) -> None:
        found = {name for name, each in filters.items() if matches(each.inputs["pattern"], event)}
        assert found == counted

    def test_latency_is_the_lines_own_time(self, filters: dict[str, Registration]) -> None:
        transformation = filters[LATENCY].inputs["metricTransformation"]
        assert transformation["value"] == "$.log_processed.duration_ms"
        assert transformation["unit"] == "Milliseconds"
        # A made-up 0 would lower the percentile.
        assert "defaultValue" not in transformation

    def test_stacks_do_not_mix(self, filters: dict[str, Registration]) -> None:
        namespaces = {each.inputs["metricTransformation"]["namespace"] for each in filters.values()}
        assert namespaces == {"image-serving-dev/gateway"}

    def test_patterns_fit(self, filters: dict[str, Registration]) -> None:
        # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
        assert all(len(each.inputs["pattern"]) <= 1024 for each in filters.values())
