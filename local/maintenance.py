"""What developers run now and then: formatting, and pinning the dependency sets anew."""

from __future__ import annotations

import subprocess
import sys

from local.errors import CommandError
from local.paths import REPO
from local.progress import say

# In this order, since later sets are constrained by earlier ones.
LOCKED_SETS = (
    "requirements",
    "examples/consumer/requirements",
    "local/requirements",
    "local/toolchain/go-requirements",
    "requirements-dev",
    "policy/requirements",
    "tests/manifests/checkov-requirements",
    "tests/manifests/workflow-requirements",
    "services/gateway/requirements",
    "services/gateway/requirements-test",
    "services/gateway/requirements-fuzz",
    "services/gateway/tools/messages-requirements",
    "bench/gateway/course/requirements",
    "services/model/requirements-server",
    "services/model/requirements-sync",
    "services/model/requirements-server-gpu",
    "services/model/requirements",
    "services/model/requirements-test",
)


def format_code() -> int:
    """Formats the code and mends what can be mended safely; returns ruff's exit code."""
    ruff = [sys.executable, "-m", "ruff"]
    subprocess.run([*ruff, "format", "."], cwd=REPO, check=False)
    return subprocess.run([*ruff, "check", "--fix", "."], cwd=REPO, check=False).returncode


def lock() -> int:
    """Compiles each `.in` file to exact versions with hashes. Raises `CommandError`."""
    for name in LOCKED_SETS:
        say(f"{name}.txt")
        source = REPO / f"{name}.in"
        overrides = source.with_name(f"{source.stem}-overrides.txt")
        command = [
            *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--upgrade"),
            *("--generate-hashes", "--python-version=3.11"),
            *("--no-emit-index-url", "--no-emit-find-links"),
            *("--custom-compile-command", "make lock"),
            *([f"--override={overrides.name}"] if overrides.exists() else []),
            *(source.name, "--output-file", f"{source.stem}.txt"),
        ]
        done = subprocess.run(command, cwd=source.parent, check=False)
        if done.returncode != 0:
            raise CommandError(f"{name}.in can't be pinned; see above")
    return 0
