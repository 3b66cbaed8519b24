"""What linters say of the workflows: nothing."""

import json
import os
import subprocess
from pathlib import Path

from local.paths import REPO

GITHUB = REPO / ".github"
# A workflow that anybody who opens a pull request takes over.
ATTACKABLE = """\
on: pull_request_target
permissions: {}
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v6
        with:
          ref: ${{ github.event.pull_request.head.sha }}
      - run: echo ${{ github.event.pull_request.title }}; test -n $HOME
"""


def linted(actionlint: Path, tools: Path, *files: Path) -> str:
    done = subprocess.run(
        [actionlint, "-oneline", f"-shellcheck={tools / 'shellcheck'}", "-pyflakes=", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr  # 1: findings
    return done.stdout


def audited(tools: Path, path: Path) -> list[str]:
    """What zizmor finds without asking GitHub."""
    done = subprocess.run(
        [
            *(tools / "zizmor", "--offline", "--no-exit-codes", "--format=json"),
            *("--config", GITHUB / "zizmor.yaml", path),
        ],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "ZIZMOR_OFFLINE": "true"},
    )
    findings = json.loads(done.stdout)
    assert isinstance(findings, list)
    return [finding["ident"] for finding in findings if not finding["ignored"]]


def test_actionlint_and_shellcheck(actionlint: Path, workflow_tools: Path) -> None:
    files = sorted((GITHUB / "workflows").glob("*.yaml"))
    assert len(files) > 3
    assert linted(actionlint, workflow_tools, *files) == ""


def test_zizmor(workflow_tools: Path) -> None:
    assert audited(workflow_tools, GITHUB) == []


def test_they_would_find_a_workflow_that_can_be_taken_over(
    actionlint: Path, workflow_tools: Path, tmp_path: Path
) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    file = folder / "bad.yaml"
    file.write_text(ATTACKABLE)
    said = linted(actionlint, workflow_tools, file)
    assert "untrusted" in said
    assert "SC2086" in said  # of shellcheck
    found = audited(workflow_tools, file)
    assert {"dangerous-triggers", "template-injection", "unpinned-uses"} <= set(found)
