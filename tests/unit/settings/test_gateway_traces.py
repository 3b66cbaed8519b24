"""infra/settings/gateway_traces.py: off unless a collector of the cluster is named."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from infra.settings.gateway_traces import GatewayTraces
from tests.unit.settings.wrong import WrongSettings, change, message_of

SHAPE = TypeAdapter(GatewayTraces)
WRONG: WrongSettings = {
    text: (
        change("gatewayTraces.collector", text),
        "gatewayTraces.collector",
        f'= "{text}": must be <service>.<namespace>:<port>',
    )
    for text in (
        "otel-collector:4317",
        "otel-collector.observability",
        "otel-collector.observability:0",
        "otel-collector.observability:65536",
        "http://otel-collector.observability:4317",
        "collector.example.com:4317",
    )
}


def test_off_by_default() -> None:
    assert SHAPE.validate_python({}).collector is None
    assert SHAPE.validate_python({"collector": ""}).collector is None


def test_a_service_of_the_cluster() -> None:
    collector = SHAPE.validate_python({"collector": "otel-collector.tools:4317"}).collector
    assert collector is not None
    assert collector.target == "otel-collector.tools.svc.cluster.local:4317"
    assert (collector.namespace, collector.port) == ("tools", 4317)


@pytest.mark.parametrize("text", WRONG)
def test_anything_else_is_named_with_what_is_allowed(text: str) -> None:
    message, expected = message_of(WRONG[text])
    assert expected in message


@pytest.mark.parametrize("wrong", [{"samplePercent": 101}, {"samplePercent": -1}, {"target": ""}])
def test_shares_and_names(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SHAPE.validate_python(wrong)
