"""`make preview-diff BASE=main [STACKS=dev,prod] [FORMAT=text|markdown|json] [OUT=file]`."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from local.errors import LocalError
from local.paths import REPO, state_root
from local.preview_diff.comparison import Comparison, Side
from local.preview_diff.document import as_document
from local.preview_diff.markdown import MAX_CHARACTERS, as_markdown
from local.preview_diff.report import Report
from local.preview_diff.revision import Repository
from local.preview_diff.stack_files import find_stacks
from local.preview_diff.text import as_text
from local.progress import Progress, say
from local.scratch import scratch
from local.toolchain.binaries import ensure_binaries
from local.venvs import PROGRAM_REQUIREMENTS, ensure_venv
from local.versions import GO_TOOLS

EXIT_DANGEROUS = 3
FORMATS = ("text", "markdown", "json")
_WIDTH = 200  # of text in a file


@dataclass(frozen=True, kw_only=True)
class DiffWishes:
    """What the user asks for; no stacks are all in AWS, no file is the terminal.

    max_characters: of Markdown, where the report is one part of a comment.
    """

    base: str
    stacks: tuple[str, ...] = ()
    format: str = "text"
    out: Path | None = None
    max_characters: int = MAX_CHARACTERS


def preview_diff(wishes: DiffWishes, project: Path = REPO) -> int:
    """Shows what the working tree changes; returns 3 if any of it is dangerous, else 0.

    What goes on is told on the error output: the other one has the report alone. Raises
    `LocalError` for a base or a stack that isn't there, and for a side that can't be planned.
    """
    if wishes.out is not None and not wishes.out.absolute().parent.is_dir():
        raise LocalError(f"OUT={wishes.out}: the folder {wishes.out.absolute().parent} isn't there")
    with contextlib.redirect_stdout(sys.stderr):
        report = compare(wishes, project)
    if wishes.out is None:
        _write(report, wishes, Console(highlight=False))
    else:
        written = io.StringIO()
        _write(report, wishes, Console(file=written, highlight=False, width=_WIDTH))
        wishes.out.write_text(written.getvalue())
        say(report.headline)
    return EXIT_DANGEROUS if report.is_dangerous else 0


def compare(wishes: DiffWishes, project: Path) -> Report:
    """Both sides of the stacks, by the engine."""
    repository = Repository(project)
    base, head = repository.base(wishes.base), repository.head()
    progress = Progress(state_root() / "previews" / "logs" / "diff")
    with scratch("preview-diff") as folder:
        with progress.step("checkout", f"writing {base} beside") as step:
            repository.check_out(base.commit, folder / "base")
            stacks = find_stacks(folder / "base", project, wishes.stacks)
            step.note(f"stacks {', '.join(stack.name for stack in stacks)}")
        with progress.step("toolchain", "looking for Pulumi") as step:
            pulumi = ensure_binaries(step, [each for each in GO_TOOLS if each.name == "pulumi"])
        comparison = Comparison(
            base=_base_side(str(base), folder / "base", project, progress),
            head=Side(name=str(head), project=project),
            pulumi=pulumi["pulumi"],
            folder=folder,
        )
        diffs = comparison.of(stacks, progress)
    notes = [f"assumed on both sides: {each}" for stack in stacks for each in stack.assumed]
    if base.missing:
        notes.append(
            f"{base.revision} has {base.missing} commits that the working tree lacks: what they "
            f"add shows as deleted. To leave them out: BASE=$(git merge-base {base.revision} HEAD)"
        )
    return Report(base=base, head=head, stacks=tuple(diffs), notes=tuple(dict.fromkeys(notes)))


def _base_side(name: str, checkout: Path, project: Path, progress: Progress) -> Side:
    """With the head's packages, or its own where it asks for others."""
    of_program, *others = [file.relative_to(REPO) for file in PROGRAM_REQUIREMENTS]
    theirs = [checkout / file for file in (of_program, *others)]
    is_same = _content(checkout / of_program) == _content(project / of_program)
    if is_same or not all(file.is_file() for file in theirs):
        return Side(name=name, project=checkout)
    with progress.step("python", f"{name} asks for other packages: looking for them") as step:
        return Side(name=name, project=checkout, python=ensure_venv("program", theirs, step))


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def _write(report: Report, wishes: DiffWishes, console: Console) -> None:
    if wishes.format == "json":
        document = json.dumps(as_document(report), indent=2, ensure_ascii=False)
        console.file.write(f"{document}\n")
    elif wishes.format == "markdown":
        console.file.write(as_markdown(report, wishes.max_characters))
    else:
        as_text(report, console)
