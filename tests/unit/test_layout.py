"""The tests mirror the programs: no module of them goes without its specification."""

import ast
from pathlib import Path

import pytest

from tests.unit.harness import PROJECT_FOLDER

TESTS = Path(__file__).parent
# Each with where its specifications are.
PROGRAMS = {PROJECT_FOLDER / "infra": TESTS, PROJECT_FOLDER / "bootstrap": TESTS / "bootstrap"}
# __main__.py is the program as a whole.
MIRRORED = {
    path: tests / path.relative_to(program).with_name(f"test_{path.name}")
    for program, tests in PROGRAMS.items()
    for path in sorted(program.rglob("*.py"))
    if path.stem not in ("__init__", "__main__")
}
MODULES = list(MIRRORED)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PROJECT_FOLDER)))
def test_every_module_has_a_specification(module: Path) -> None:
    assert MIRRORED[module].is_file(), f"{module} needs {MIRRORED[module]}"


def test_components_are_in_one_file_each() -> None:
    for module in MODULES:
        components = [
            node.name
            for node in ast.walk(ast.parse(module.read_text()))
            if isinstance(node, ast.ClassDef)
            and any("ComponentResource" in ast.unparse(base) for base in node.bases)
        ]
        assert len(components) <= 1, f"{module}: {components}"


def test_no_file_grows_beyond_one_concept() -> None:
    for module in MODULES:
        lines = len(module.read_text().splitlines())
        assert lines < 300, f"{module} has {lines} lines: split it by concept"
