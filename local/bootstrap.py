"""`python3 -m local.bootstrap VERB …`: makes the tool's own environment, then runs the verb in it.

Runs on a bare Python 3.11, so it imports the standard library alone.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from local.errors import LocalError
from local.paths import REPO, cache_dir
from local.progress import Progress, complain
from local.venvs import ensure_venv, find_venv

_PYTHON = (3, 11)
REQUIREMENTS = (
    REPO / "requirements.txt",
    REPO / "local" / "requirements.txt",
    REPO / "requirements-dev.txt",
)


def main() -> None:
    if sys.version_info[:2] < _PYTHON:
        sys.exit(f"error: Python {'.'.join(map(str, _PYTHON))} or newer is needed")
    try:
        python = find_venv("program", REQUIREMENTS) or _make_venv()
    except LocalError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        complain("interrupted")
        sys.exit(130)
    os.execv(python, [str(python), "-m", "local", *sys.argv[1:]])


def _make_venv() -> Path:
    with Progress(cache_dir() / "logs").step("python", "preparing") as step:
        return ensure_venv("program", REQUIREMENTS, step)


if __name__ == "__main__":
    main()
