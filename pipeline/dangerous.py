"""`python3 -m pipeline.dangerous`: a preview-diff as a job's summary, and what it comes to.

It calls the program behind `make preview-diff`, since make makes 2 of every exit code.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline import engine
from pipeline.comment import SECTION_CHARACTERS
from pipeline.job import append

DANGEROUS = 3  # its exit code: local/preview_diff/command.py


def main(argv: Sequence[str] | None = None) -> int:
    """Returns 0 where the stacks could be compared; the output `dangerous` has the verdict."""
    parser = argparse.ArgumentParser(prog="pipeline.dangerous", description=__doc__)
    parser.add_argument("--base", required=True, help="revision to compare with")
    parser.add_argument("--out", type=Path, required=True, help="file for the Markdown")
    arguments = parser.parse_args(argv)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    code = compare(arguments.base, arguments.out)
    if code not in (0, DANGEROUS):
        return code
    append("GITHUB_STEP_SUMMARY", arguments.out.read_text())
    append("GITHUB_OUTPUT", f"dangerous={str(code == DANGEROUS).lower()}\n")
    return 0


def compare(base: str, out: Path) -> int:
    """The exit code of the comparison."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "local.bootstrap", "preview-diff"),
            *(f"--base={base}", "--format=markdown", f"--out={out}"),
            f"--max-characters={SECTION_CHARACTERS}",  # it cuts between lines, and says so
        ],
        cwd=engine.PROJECT,
        check=False,
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
