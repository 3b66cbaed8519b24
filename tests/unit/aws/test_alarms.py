"""infra/aws/alarms.py: every alarm can ring, and somebody hears it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.aws.alarms import Alarms, AlarmsArgs
from infra.aws.service_alarms import service_alarms
from infra.settings.aws.observability import ObservabilitySettings
from tests.unit.aws.nodes import add_ons
from tests.unit.aws.producers import produced
from tests.unit.aws.watching import KEY_ARN, PREFIX, watched
from tests.unit.harness import Program, Registration, run_component

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
TOPIC_ARN = "arn:aws:sns:eu-west-1:111122223333:topic/alarms-topic"
GIVEN: dict[str, Any] = {"enabled": True, "alarmEmails": ("team@example.com",)}
SETTINGS = ObservabilitySettings(**GIVEN)


def build() -> None:
    Alarms(
        "alarms",
        AlarmsArgs(
            prefix=PREFIX,
            region="eu-west-1",
            account_id="111122223333",
            definitions=service_alarms(watched(), SETTINGS),
            emails=SETTINGS.alarm_emails,
            key_arn=KEY_ARN,
        ),
    )


@pytest.fixture(scope="module")
def program() -> Program:
    return run_component(build)


@pytest.fixture(scope="module")
def alarms(program: Program) -> list[Registration]:
    return program.of_type(ALARM)


def metrics_of(alarm: Registration) -> Iterator[dict[str, Any]]:
    if "metricName" in alarm.inputs:
        yield alarm.inputs
    for query in alarm.inputs.get("metricQueries", []):
        if "metric" in query:
            yield query["metric"]


class TestProducers:
    """An alarm on a metric that nobody makes looks like an alarm on a service that is well."""

    def test_every_metric_is_made_with_these_dimensions(
        self, program: Program, alarms: list[Registration]
    ) -> None:
        known = produced(program, add_ons())
        for alarm in alarms:
            metrics = list(metrics_of(alarm))
            assert metrics, alarm
            for metric in metrics:
                dimensions = frozenset(metric.get("dimensions", {}))
                assert (metric["namespace"], metric["metricName"], dimensions) in known, alarm

    def test_without_the_add_on_some_have_no_producer(
        self, program: Program, alarms: list[Registration]
    ) -> None:
        known = {name for _, name, _ in produced(program)}
        silent = {metric["metricName"] for alarm in alarms for metric in metrics_of(alarm)} - known
        assert silent == {
            "replicas_ready",
            "kubelet_volume_stats_used_bytes",
            "kubelet_volume_stats_capacity_bytes",
        }


class TestPeopleHear:
    def test_of_trouble_and_of_its_end(self, alarms: list[Registration]) -> None:
        for alarm in alarms:
            assert alarm.inputs["alarmActions"] == alarm.inputs["okActions"] == [TOPIC_ARN]

    def test_by_mail(self, program: Program) -> None:
        subscription = program.one("aws:sns/topicSubscription:TopicSubscription").inputs
        assert (subscription["protocol"], subscription["endpoint"], subscription["topic"]) == (
            "email",
            "team@example.com",
            TOPIC_ARN,
        )

    def test_over_an_encrypted_topic(self, program: Program) -> None:
        assert program.one("aws:sns/topic:Topic").inputs["kmsMasterKeyId"] == KEY_ARN

    def test_which_only_the_stacks_own_alarms_may_use(
        self, program: Program, alarms: list[Registration]
    ) -> None:
        policy = json.loads(program.one("aws:sns/topicPolicy:TopicPolicy").inputs["policy"])
        (statement,) = policy["Statement"]
        assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        assert statement["Action"] == "sns:Publish"
        source = statement["Condition"]["ArnLike"]["aws:SourceArn"]
        assert source == f"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:{PREFIX}-*"
        assert all(alarm.inputs["name"].startswith(f"{PREFIX}-") for alarm in alarms)

    def test_from_the_first_alarm_on(self, program: Program, alarms: list[Registration]) -> None:
        policy = program.one("aws:sns/topicPolicy:TopicPolicy")
        assert all(policy.urn in alarm.depends_on for alarm in alarms)


class TestForm:
    """What CloudWatch takes of an alarm: one metric, or queries of which one is the result."""

    def test_a_percentile_is_an_extended_statistic(self, program: Program) -> None:
        alarm = program.one(ALARM, "alarms-latency-p99").inputs
        assert alarm["extendedStatistic"] == "p99"
        assert "statistic" not in alarm
        assert alarm["evaluateLowSampleCountPercentiles"] == "ignore"

    def test_one_result(self, alarms: list[Registration]) -> None:
        for alarm in alarms:
            queries = alarm.inputs.get("metricQueries", [])
            if queries:
                (result,) = [query for query in queries if query.get("returnData")]
                for query in queries:
                    assert query is result or query["id"] in result["expression"]
                assert not alarm.inputs.keys() & {"metricName", "namespace", "period", "statistic"}

    def test_a_preview_shows_all_of_them(self, program: Program) -> None:
        preview = run_component(build, preview=True)
        assert sorted(map(str, preview.resources)) == sorted(map(str, program.resources))
