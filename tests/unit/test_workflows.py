"""The workflows use the verbs that there are, and trust nobody more than they must."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.paths import REPO

WORKFLOWS = sorted((REPO / ".github" / "workflows").glob("*.yaml"))
_MAKEFILE = (REPO / "Makefile").read_text()


def _jobs(file: Path) -> dict[str, Any]:
    jobs: dict[str, Any] = yaml.safe_load(file.read_text())["jobs"]
    return jobs


def _steps(file: Path) -> list[dict[str, Any]]:
    return [step for job in _jobs(file).values() for step in job["steps"]]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
class TestWorkflow:
    """Checked here as far as that goes without running it."""

    def test_every_verb_is_one_of_the_makefile(self, file: Path) -> None:
        verbs = set(re.findall(r"^([a-z-]+):.*##", _MAKEFILE, re.M))
        commands = "\n".join(step.get("run", "") for step in _steps(file))
        used = set(re.findall(r"\bmake ([a-z-]+)", commands))
        assert used
        assert used <= verbs

    def test_every_setting_of_the_environment_is_one_of_the_tool(self, file: Path) -> None:
        known = set(re.findall(r"\$\((?:if \$\()?([A-Z_]+)\)", _MAKEFILE)) | {"BUILDER"}
        used = {name for job in _jobs(file).values() for name in job.get("env", {})}
        assert used <= known

    def test_actions_are_pinned_by_content(self, file: Path) -> None:
        actions = [step["uses"] for step in _steps(file) if "uses" in step]
        assert actions
        assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action) for action in actions)

    def test_no_job_may_do_more_than_read(self, file: Path) -> None:
        assert yaml.safe_load(file.read_text())["permissions"] == {}
        assert all(job["permissions"] == {"contents": "read"} for job in _jobs(file).values())


def test_the_context_is_the_one_that_kind_makes() -> None:
    """`kind create cluster --name x` writes the context `kind-x`."""
    [job] = [job for file in WORKFLOWS for name, job in _jobs(file).items() if name == "kind"]
    commands = "\n".join(step.get("run", "") for step in job["steps"])
    assert re.findall(r"kind create cluster --name (\S+)", commands) == [
        job["env"]["CONTEXT"].removeprefix("kind-")
    ]
