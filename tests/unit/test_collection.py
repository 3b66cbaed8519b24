"""No test is written in vain: every file and function that looks like one is collected and run."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from local.checks import TESTED_FOLDERS
from local.paths import REPO

SUITES = sorted(folder for folder in (REPO / "tests", *REPO.glob("*/*/tests")) if folder.is_dir())
FILES = sorted(file for suite in SUITES for file in suite.rglob("*.py"))


def _relative(path: Path) -> str:
    return str(path.relative_to(REPO))


def _tests_in(body: list[ast.stmt]) -> list[str]:
    functions = (node for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [node.name for node in functions if node.name.startswith("test")]


def _scopes(file: Path) -> list[list[ast.stmt]]:
    """The statements of the module and those of each of its classes."""
    body = ast.parse(file.read_text()).body
    return [body, *(node.body for node in body if isinstance(node, ast.ClassDef))]


@pytest.mark.parametrize("file", FILES, ids=_relative)
class TestFile:
    """pytest collects `test_*.py`, functions `test_*` and classes `Test*` without a constructor."""

    def test_tests_are_in_test_files(self, file: Path) -> None:
        has_tests = any(_tests_in(body) for body in _scopes(file))
        assert has_tests is file.name.startswith("test_")

    def test_every_class_with_tests_is_collected(self, file: Path) -> None:
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.ClassDef) and _tests_in(node.body):
                assert node.name.startswith("Test"), f"{node.name} is not collected"
                methods = [each.name for each in node.body if isinstance(each, ast.FunctionDef)]
                assert "__init__" not in methods, f"{node.name} has a constructor"

    def test_no_two_tests_of_a_scope_share_a_name(self, file: Path) -> None:
        for body in _scopes(file):
            names = _tests_in(body)
            assert len(names) == len(set(names)), "a later test replaces an earlier one"


@pytest.mark.parametrize("file", FILES, ids=_relative)
def test_make_test_runs_the_folder_of_the_file(file: Path) -> None:
    assert any(file.is_relative_to(folder) for folder in TESTED_FOLDERS) or (
        file.parent == REPO / "tests"  # fixtures that the suites below share
    )
