"""renovate.json finds every version that is pinned outside of what Renovate knows by itself."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.pins import all_pins
from local.maintenance import LOCKED_SETS
from local.versions import GO_MINIMUM, GO_TOOLS, PYTHON_BASE_IMAGE
from tests.unit.harness import PROJECT_FOLDER

SETTINGS: dict[str, Any] = json.loads((PROJECT_FOLDER / "renovate.json").read_text())
VERSIONS = (PROJECT_FOLDER / "local" / "versions.py").read_text()
PIN = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", re.MULTILINE)


def matches(patterns: list[str], path: str) -> bool:
    """A pattern between slashes is a regular expression, searched for in the path."""
    for pattern in patterns:
        assert pattern.startswith("/") and pattern.endswith("/"), pattern
    return any(re.search(pattern[1:-1], path) for pattern in patterns)


def found(file: str, datasource: str) -> Iterator[dict[str, str]]:
    """What custom managers find in a file, as Renovate does: RE2's groups are Python's."""
    text = (PROJECT_FOLDER / file).read_text()
    for manager in SETTINGS["customManagers"]:
        if manager["datasourceTemplate"] == datasource and matches(
            manager["managerFilePatterns"], file
        ):
            for pattern in manager["matchStrings"]:
                for match in re.finditer(pattern.replace("(?<", "(?P<"), text):
                    yield match.groupdict()


class TestCustomManagers:
    def test_each_finds_something(self) -> None:
        for manager in SETTINGS["customManagers"]:
            files = [
                path
                for path in ("local/versions.py", "infra/pins.py", ".pre-commit-config.yaml")
                if matches(manager["managerFilePatterns"], path)
            ]
            assert any([*found(path, manager["datasourceTemplate"])] for path in files), manager

    def test_all_versions_of_the_local_ground(self) -> None:
        pinned = re.findall(r'^[A-Z_]+ = "(\d+\.\d+\.\d+)"', VERSIONS, re.MULTILINE)
        pinned.remove(GO_MINIMUM)  # no pin: the least that the modules need
        told = [each["currentValue"] for each in found("local/versions.py", "go")]
        assert sorted(told) == sorted(pinned)
        assert {tool.version for tool in GO_TOOLS} <= set(told)

    def test_modules_are_those_that_are_built(self) -> None:
        for each in found("local/versions.py", "go"):
            required = f"{each['depName']} v{each['currentValue']}"
            modules = (PROJECT_FOLDER / "local" / "toolchain").glob("*/go.mod")
            assert any(required in module.read_text() for module in modules), required

    def test_the_base_image(self) -> None:
        images = [
            f"{each['depName']}:{each['currentValue']}"
            for each in found("local/versions.py", "docker")
        ]
        assert images == [PYTHON_BASE_IMAGE]

    def test_all_images_of_the_program_with_their_digests(self) -> None:
        told = {
            f"{each['depName']}:{each['currentValue']}@{each['currentDigest']}"
            for each in found("infra/pins.py", "docker")
        }
        assert told == {pin.value for pin in all_pins() if "@sha256:" in pin.value}

    def test_all_packages_of_pre_commit(self) -> None:
        text = (PROJECT_FOLDER / ".pre-commit-config.yaml").read_text()
        told = {each["depName"] for each in found(".pre-commit-config.yaml", "pypi")}
        assert told == set(re.findall(r"\[([a-z-]+)==", text))


class TestPipSets:
    @pytest.mark.parametrize("name", LOCKED_SETS)
    def test_every_set_is_looked_at_and_its_lock_is_left_alone(self, name: str) -> None:
        assert matches(SETTINGS["pip_requirements"]["managerFilePatterns"], f"{name}.in")
        assert SETTINGS["ignorePaths"] == ["**/*requirements*.txt"]

    def test_no_set_is_forgotten(self) -> None:
        files = (
            path.relative_to(PROJECT_FOLDER).with_suffix("")
            for path in PROJECT_FOLDER.rglob("*requirements*.in")
        )
        assert {str(path) for path in files} == set(LOCKED_SETS)

    @pytest.mark.parametrize("name", LOCKED_SETS)
    def test_the_lock_has_what_the_set_asks_for(self, name: str) -> None:
        """Else somebody changed the one and forgot `make lock`."""
        locked = dict(_pins(PROJECT_FOLDER / f"{name}.txt"))
        for package, version in _pins(PROJECT_FOLDER / f"{name}.in"):
            assert locked[package] == version, f"{package}: run `make lock`"


def _pins(file: Path) -> Iterator[tuple[str, str]]:
    for package, version in PIN.findall(file.read_text()):
        yield re.sub(r"[-_.]+", "-", package).lower(), version
