"""`python3 -m pipeline.order STACK`: no step back by an older run that was approved late.

An update's message is the commit that it deployed. Whoever wants the older code reverts the newer.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Sequence

from pipeline import engine
from pipeline.errors import PipelineError
from pipeline.job import reported

_COMMIT = re.compile(r"[0-9a-f]{40}")
_NOT_AN_ANCESTOR = 1  # of `git merge-base --is-ancestor`; a commit that it doesn't know is 128


def require_step_forward(stack: str) -> None:
    """Raises `PipelineError` where the stack's last update was of a commit that HEAD lacks."""
    deployed = _last_message(stack)
    if not _COMMIT.fullmatch(deployed):
        return  # by hand, or none yet
    done = subprocess.run(
        ["git", "merge-base", "--is-ancestor", deployed, "HEAD"],
        cwd=engine.PROJECT,
        capture_output=True,
        check=False,
    )
    if done.returncode == _NOT_AN_ANCESTOR:
        raise PipelineError(
            f"the stack {stack} runs {deployed[:7]}, which this run's commit lacks: approve the "
            "newer run, or revert the commit to go back"
        )


def _last_message(stack: str) -> str:
    history = json.loads(engine.answer("stack", "history", "--stack", stack, "--json"))
    updates = [each for each in history if each["kind"] == "update"]  # the newest first
    return str(updates[0]["message"]).strip() if updates else ""


@reported
def main(argv: Sequence[str] | None) -> None:
    parser = argparse.ArgumentParser(prog="pipeline.order", description=__doc__)
    parser.add_argument("stack")
    require_step_forward(parser.parse_args(argv).stack)


if __name__ == "__main__":
    sys.exit(main(None))
