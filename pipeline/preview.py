"""`python3 -m pipeline.preview STACK --out FILE`: what an update would do, as Markdown."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline import engine
from pipeline.job import append
from pipeline.markdown import folded, middle_out

# The end of what Pulumi says: `    +-2 to replace`, `    57 unchanged`.
_COUNT = re.compile(
    r"^ +\S* ?(\d+) to (create|update|replace|delete|import|discard)\b", re.MULTILINE
)
_SUMMARY_CHARACTERS = 900_000  # of a job's summary GitHub shows 1 MiB


def as_markdown(stack: str, revision: str, code: int, said: str) -> str:
    """A line that says it all, and Pulumi's own words behind it."""
    text = middle_out(said, _SUMMARY_CHARACTERS)
    heading = f"### {stack}: {_headline(code, said)}, at {revision[:7]}"
    return f"{heading}\n\n{folded('pulumi preview', text)}\n"


def _headline(code: int, said: str) -> str:
    if code == engine.STACK_NOT_FOUND:
        return "not made yet, its first `up` is by hand (docs/eks.md)"
    if code != 0:
        return "the preview **fails**"
    counts = _COUNT.findall(said.rpartition("Resources:")[2])
    return ", ".join(f"{count} to {what}" for count, what in counts) or "no changes"


def main(argv: Sequence[str] | None = None) -> int:
    """Returns Pulumi's exit code."""
    parser = argparse.ArgumentParser(prog="pipeline.preview", description=__doc__)
    parser.add_argument("stack")
    parser.add_argument("--revision", required=True, help="commit that is previewed")
    parser.add_argument("--out", type=Path, required=True, help="file for the Markdown")
    arguments = parser.parse_args(argv)
    code, said = engine.shown(
        *("preview", "--stack", arguments.stack, "--policy-pack", "policy"),
        *("--diff", "--suppress-progress"),
    )
    text = as_markdown(arguments.stack, arguments.revision, code, said)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(text)
    append("GITHUB_STEP_SUMMARY", text)
    return code


if __name__ == "__main__":
    sys.exit(main())
