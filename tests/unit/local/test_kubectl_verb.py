"""`make kubectl`: as quick as what is typed again and again has to be."""

from __future__ import annotations

import subprocess
import sys

from local.paths import REPO


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)


def test_a_cluster_that_does_not_run_is_told() -> None:
    ended = _python("-m", "local", "--cluster=nobodys", "kubectl", "get", "pods")
    assert ended.returncode == 1
    assert ended.stderr == "error: cluster 'nobodys' does not run; start it with `make up`\n"


def test_it_does_without_the_imports_of_the_other_verbs() -> None:
    heavy = "{'pulumi', 'pydantic', 'kubernetes', 'local.cli'}"
    ended = _python("-c", f"import sys, local.kubectl_verb; print({heavy} & set(sys.modules))")
    assert ended.stdout == "set()\n", ended
