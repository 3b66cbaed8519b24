"""`python3 -m local.bootstrap VERB …`: makes the tool's own environment, then runs the verb in it.

Runs on a bare Python 3.11, so it imports the standard library alone.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path

from local.context.identity import Context
from local.doctor import show_diagnosis
from local.errors import LocalError, no_access
from local.paths import DEFAULT_CLUSTER, cache_dir
from local.preconditions.checks import require, require_for_a_context, require_for_the_tool
from local.preconditions.machine import ThisMachine
from local.progress import Progress, complain
from local.venvs import PROGRAM_REQUIREMENTS, ensure_venv, find_venv

_PYTHON = (3, 11)


def main() -> None:
    if sys.version_info[:2] < _PYTHON:
        sys.exit(f"error: Python {'.'.join(map(str, _PYTHON))} or newer is needed")
    try:
        python = find_venv("program", PROGRAM_REQUIREMENTS) or _make_venv(_arguments())
    except LocalError as error:
        sys.exit(f"error: {error}")
    except PermissionError as error:
        sys.exit(f"error: {no_access(error)}")
    except KeyboardInterrupt:
        complain("interrupted")
        sys.exit(130)
    os.execv(python, [str(python), "-m", "local", *sys.argv[1:]])


def _make_venv(arguments: argparse.Namespace) -> Path:
    if arguments.verb == "doctor":  # a look that installs nothing
        sys.exit(show_diagnosis(arguments.cluster, arguments.gateway_port, ThisMachine()))
    if arguments.context:
        require_for_a_context(Context(arguments.context).state_name)
    elif arguments.verb == "up":
        require(arguments.cluster, arguments.gateway_port)
    else:
        require_for_the_tool(arguments.cluster)
    # What `preview-diff` prints is for other programs too.
    aside = sys.stderr if arguments.verb == "preview-diff" else sys.stdout
    with (
        contextlib.redirect_stdout(aside),
        Progress(cache_dir() / "logs").step("python", "preparing") as step,
    ):
        return ensure_venv("program", PROGRAM_REQUIREMENTS, step)


def _arguments() -> argparse.Namespace:
    """What the checks need; `local.cli` reads the rest."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--cluster", default=DEFAULT_CLUSTER)
    parser.add_argument("--context")
    parser.add_argument("verb", nargs="?")
    parser.add_argument("--gateway-port", type=int)
    return parser.parse_known_args()[0]


if __name__ == "__main__":
    main()
