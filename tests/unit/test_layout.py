"""The tests mirror the program: no module of it goes without its specification."""

import ast
from pathlib import Path

import pytest

from tests.unit.harness import PROJECT_FOLDER

PROGRAM = PROJECT_FOLDER / "infra"
TESTS = Path(__file__).parent
# __main__.py is the program as a whole.
MODULES = sorted(
    path for path in PROGRAM.rglob("*.py") if path.stem not in ("__init__", "__main__")
)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PROGRAM)))
def test_every_module_has_a_specification(module: Path) -> None:
    mirrored = TESTS / module.relative_to(PROGRAM).with_name(f"test_{module.name}")
    assert mirrored.is_file(), f"{module} needs {mirrored}"


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
