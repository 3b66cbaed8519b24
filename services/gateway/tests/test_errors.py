"""The errors, and what kind of problem each is to the caller."""

import inspect
import re
from pathlib import Path

import pytest
from gateway import errors
from gateway.problems import (
    PROBLEMS,
    PROBLEMS_BY_CODE,
    describe_problem,
    problem_of,
    retry_after_seconds,
)

ALL = [error for _, error in inspect.getmembers(errors, inspect.isclass)]
GROUPS = [error for error in ALL if error.__subclasses__() and error not in PROBLEMS]
DOCUMENTATION = Path(__file__).parents[3] / "docs" / "gateway-errors.md"


@pytest.mark.parametrize("error", ALL)
def test_is_drawn_in_the_hierarchy(error: type) -> None:
    assert f" {error.__name__}" in (errors.__doc__ or "")


@pytest.mark.parametrize("error", [error for error in ALL if error not in GROUPS])
def test_is_a_kind_of_problem(error: type[errors.GatewayError]) -> None:
    problem = problem_of(error.__new__(error))
    assert 400 <= problem.status < 600
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", problem.code)
    assert problem.action


def test_codes_differ() -> None:
    codes = [problem.code for problem in PROBLEMS.values()]
    assert len(set(codes)) == len(codes)


def test_documentation_has_every_code() -> None:
    documented = re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", DOCUMENTATION.read_text(), re.M)
    assert dict(documented) == {
        code: str(problem.status) for code, problem in PROBLEMS_BY_CODE.items()
    }


def test_status_of_the_source_is_told() -> None:
    document = describe_problem(errors.SourceRefused("not there", 404))
    assert (document["status"], document["source_status"]) == (422, 404)


@pytest.mark.parametrize(("wait_seconds", "told"), [(0.01, 1), (1.0, 1), (2.1, 3)])
def test_rate_limited_callers_are_told_how_long(wait_seconds: float, told: int) -> None:
    assert retry_after_seconds(errors.RateLimited("slower", wait_seconds)) == told
