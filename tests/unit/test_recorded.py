"""tests/unit/recorded.py: what the specifications of whole stacks look for is found where it is."""

import base64
from collections.abc import Callable

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from tests.unit.harness import API_KEY, run_component
from tests.unit.recorded import broken_rules, leaks


def config_map(value: pulumi.Input[str]) -> None:
    kubernetes.core.v1.ConfigMap("settings", metadata={"name": "settings"}, data={"key": value})


def component_output() -> None:
    component = pulumi.ComponentResource("serving:test:Leak", "leak")
    component.register_outputs({"key": pulumi.Output.secret(API_KEY)})


PLANTED: dict[str, Callable[[], None]] = {
    "in an input": lambda: config_map(f"key={API_KEY}"),
    "as base64": lambda: config_map(base64.b64encode(API_KEY.encode()).decode()),
    "in the output of the stack": lambda: pulumi.export("key", API_KEY),
    "in the output of a component": component_output,
}


@pytest.mark.parametrize("place", PLANTED)
def test_a_planted_leak_is_found(place: str) -> None:
    assert len(leaks(run_component(PLANTED[place]), API_KEY)) == 1


def test_what_is_marked_secret_is_no_leak() -> None:
    def program() -> None:
        config_map(pulumi.Output.secret(API_KEY))
        pulumi.export("key", pulumi.Output.secret(API_KEY))

    assert leaks(run_component(program), API_KEY) == []


def test_a_planted_violation_names_resource_and_rule() -> None:
    def program() -> None:
        aws.ebs.Volume("datasets", availability_zone="eu-west-1a", size=1, encrypted=False)

    (found,) = broken_rules(run_component(program))
    assert found.startswith("aws:ebs/volume:Volume datasets: encrypted-at-rest: encrypted must")
