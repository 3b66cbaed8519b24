"""local/docs/outputs_page.py: the page tells every output, is current, and its schema holds."""

import copy

import jsonschema
import pytest

from local.docs.outputs_page import descriptions, outputs_page, outputs_schema
from local.paths import REPO
from tests.unit.harness import Program


def test_the_page_is_current() -> None:
    assert (REPO / "docs" / "outputs.md").read_text() == outputs_page(), "run `make docs`"


@pytest.mark.parametrize("stack", ["local", "dev", "prod"])
def test_every_stack_keeps_the_schema(stack: str, request: pytest.FixtureRequest) -> None:
    program: Program = request.getfixturevalue(stack)
    jsonschema.validate(program.outputs, outputs_schema(descriptions()))


def test_a_removed_output_breaks_it(local: Program) -> None:
    outputs = copy.deepcopy(local.outputs)
    del outputs["gateway_url"]
    with pytest.raises(jsonschema.ValidationError, match="gateway_url"):
        jsonschema.validate(outputs, outputs_schema(descriptions()))


def test_a_retyped_output_breaks_it(local: Program) -> None:
    with pytest.raises(jsonschema.ValidationError, match="is not of type 'string'"):
        jsonschema.validate(local.outputs | {"namespace": 7}, outputs_schema(descriptions()))
