"""The errors and how they reach the caller."""

import inspect

import pytest
from gateway import errors
from gateway.http_errors import STATUS

ALL = [error for _, error in inspect.getmembers(errors, inspect.isclass)]
GROUPS = [error for error in ALL if error.__subclasses__() and error not in STATUS]


@pytest.mark.parametrize("error", ALL)
def test_is_drawn_in_the_hierarchy(error: type) -> None:
    assert f" {error.__name__}" in (errors.__doc__ or "")


@pytest.mark.parametrize("error", [error for error in ALL if error not in GROUPS])
def test_has_a_status(error: type[errors.GatewayError]) -> None:
    assert 400 <= STATUS[error] < 600
