""".pre-commit-config.yaml: the same tools as in `make test`, and none from anywhere but PyPI."""

import re
from typing import Any

import yaml

from tests.unit.harness import PROJECT_FOLDER

CONFIG: dict[str, Any] = yaml.safe_load((PROJECT_FOLDER / ".pre-commit-config.yaml").read_text())
HOOKS: list[dict[str, Any]] = [hook for repo in CONFIG["repos"] for hook in repo["hooks"]]


def test_ruff_is_the_one_of_make_test() -> None:
    """Two versions would format the same file in two ways."""
    locked = (PROJECT_FOLDER / "requirements-dev.txt").read_text()
    wanted = re.findall(r"^(ruff==\S+)", locked, re.MULTILINE)
    used = {
        package
        for hook in HOOKS
        for package in hook.get("additional_dependencies", [])
        if package.startswith("ruff")
    }
    assert used == set(wanted)


def test_hooks_are_our_own() -> None:
    assert [repo["repo"] for repo in CONFIG["repos"]] == ["local"]


def test_every_package_has_an_exact_version() -> None:
    for hook in HOOKS:
        for package in hook.get("additional_dependencies", []):
            assert re.fullmatch(r"[a-z-]+==\d+(\.\d+)+", package), hook["id"]


def test_python_hooks_run_what_they_install() -> None:
    for hook in HOOKS:
        if hook["language"] == "python":
            [package] = hook["additional_dependencies"]
            command = hook["entry"].split()[0]
            assert package.startswith("ruff==" if command == "ruff" else "pre-commit-hooks==")


def test_verbs_are_those_of_the_makefile() -> None:
    makefile = (PROJECT_FOLDER / "Makefile").read_text()
    verbs = [hook["entry"].split()[1] for hook in HOOKS if hook["entry"].startswith("make ")]
    assert verbs
    assert all(re.search(rf"^{verb}:", makefile, re.MULTILINE) for verb in verbs)
