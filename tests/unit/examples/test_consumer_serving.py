"""examples/consumer/archive/serving.py: each output is required, with its type."""

from dataclasses import fields
from typing import Any

import pulumi
import pytest

from archive.serving import Serving
from tests.unit.examples.conftest import SERVING, Consumer
from tests.unit.harness import Program

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "missing": (
        {"gateway_cluster_url": None},
        f"output `gateway_cluster_url` of stack {SERVING} is missing",
    ),
    "of another type": (
        {"namespace": 7},
        f"output `namespace` of stack {SERVING} must be a string, and is float",
    ),
    "empty": ({"gateway_image": ""}, "output `gateway_image` of stack"),
    "no volume": ({"datasets_claim": ""}, "it has no datasets volume (its settings"),
    "neither true nor false": ({"api_key_required": "yes"}, "must be true or false, and is 'yes'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_used_is_named(case: str, consumer: Consumer) -> None:
    outputs, message = WRONG[case]
    with pytest.raises(pulumi.RunError) as error:
        consumer(outputs)
    assert message in str(error.value)


@pytest.mark.parametrize("stack", ["local", "dev", "prod"])
def test_it_reads_what_every_stack_promises(stack: str, request: pytest.FixtureRequest) -> None:
    program: Program = request.getfixturevalue(stack)
    assert {field.name for field in fields(Serving)} <= program.outputs.keys()
