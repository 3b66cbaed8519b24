"""infra/aws/service_alarms.py: what rings, and when."""

from typing import Any

import pytest

from infra.aws.alarm_definitions import MAX_DESCRIPTION_LENGTH, AlarmDefinition
from infra.aws.service_alarms import service_alarms
from infra.aws.service_metrics import Metric, Producer, ServiceMetrics
from infra.aws.watched import RequestMeasures, Watched
from infra.settings.aws.observability import ObservabilitySettings

METRIC = Metric(
    producer=Producer.ACCESS_LOG, namespace="dev/gateway", name="GatewayLatency", dimensions={}
)
GIVEN: dict[str, Any] = {
    "enabled": True,
    "errorRatePercent": 2.5,
    "latencyP99Seconds": 0.75,
    "volumeUsedPercent": 80,
}
SETTINGS = ObservabilitySettings(**GIVEN)


def alarms_of(models: tuple[str, ...] = ("digits",)) -> dict[str, AlarmDefinition]:
    watched = Watched(
        service=ServiceMetrics(cluster_name="c", namespace="serving"),
        requests=RequestMeasures(requests=METRIC, server_errors=METRIC, latency=METRIC),
        models=models,
        volumes=("models-model-digits", "datasets"),
        entry=None,
    )
    return {alarm.name: alarm for alarm in service_alarms(watched, SETTINGS)}


@pytest.fixture(scope="module")
def alarms() -> dict[str, AlarmDefinition]:
    return alarms_of()


class TestThresholds:
    """From the settings, in the unit of the metric."""

    @pytest.mark.parametrize(
        ("name", "threshold", "unit"),
        [
            ("error-rate", 2.5, "% of the requests"),
            ("latency-p99", 750, "ms"),
            ("volume-nearly-full-datasets", 80, "% used"),
            ("volume-nearly-full-models-model-digits", 80, "% used"),
        ],
    )
    def test_of(
        self, alarms: dict[str, AlarmDefinition], name: str, threshold: float, unit: str
    ) -> None:
        assert (alarms[name].threshold, alarms[name].unit) == (threshold, unit)


class TestSilence:
    """What no data means is decided for each."""

    def test_no_requests_are_no_errors(self, alarms: dict[str, AlarmDefinition]) -> None:
        assert alarms["error-rate"].missing == alarms["latency-p99"].missing == "notBreaching"

    def test_no_word_of_a_models_pods_is_trouble(self, alarms: dict[str, AlarmDefinition]) -> None:
        assert alarms["no-ready-pod-digits"].missing == "breaching"


class TestModels:
    def test_each_has_its_own(self) -> None:
        names = alarms_of(("digits", "xception")).keys()
        assert {"no-ready-pod-digits", "no-ready-pod-xception"} <= names

    def test_a_paused_one_has_none(self) -> None:
        assert not [name for name in alarms_of(()) if name.startswith("no-ready-pod")]


class TestAll:
    def test_a_pod_that_waits_for_a_new_node_is_no_alarm(
        self, alarms: dict[str, AlarmDefinition]
    ) -> None:
        alarm = alarms["unschedulable-pods"]
        assert alarm.period_seconds * alarm.bad_periods >= 15 * 60

    def test_names_are_their_own(self, alarms: dict[str, AlarmDefinition]) -> None:
        assert len(alarms) == 6

    def test_descriptions_fit_and_say_what_to_do(self, alarms: dict[str, AlarmDefinition]) -> None:
        for alarm in alarms.values():
            assert len(alarm.description) <= MAX_DESCRIPTION_LENGTH
            assert alarm.what_to_do.endswith(".")
            assert alarm.bad_periods <= alarm.periods

    def test_windows_are_within_cloudwatchs_day(self, alarms: dict[str, AlarmDefinition]) -> None:
        assert all(each.period_seconds * each.periods <= 86400 for each in alarms.values())
