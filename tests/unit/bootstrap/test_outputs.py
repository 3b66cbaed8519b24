"""bootstrap/outputs.py: the names that workflows and docs rely on."""

from dataclasses import fields

import pytest

from bootstrap.outputs import BootstrapOutputs
from infra.settings.types import PROJECT_FOLDER
from tests.unit.bootstrap.shared import bootstrap
from tests.unit.harness import Program

PAGE = (PROJECT_FOLDER / "docs" / "bootstrap.md").read_text()


@pytest.fixture(scope="module")
def program() -> Program:
    return bootstrap()


def test_each_has_a_value(program: Program) -> None:
    assert set(program.outputs) == {field.name for field in fields(BootstrapOutputs)}
    assert all(program.outputs.values())


def test_none_is_secret(program: Program) -> None:
    """They are for variables that everybody reads."""
    assert program.secret_outputs == frozenset()


@pytest.mark.parametrize("name", [field.name for field in fields(BootstrapOutputs)])
def test_the_page_says_where_it_goes(name: str) -> None:
    assert f"`{name}`" in PAGE
