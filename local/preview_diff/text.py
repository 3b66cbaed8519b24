"""For terminals: colours where there is one, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from local.preview_diff.entries import Line, lines_of, lines_of_outputs
from local.preview_diff.report import Report

_STYLES = {"+": "green", "-": "red", "~": "yellow", "±": "magenta", "": ""}
_DANGER = "bold red"
_TITLE = "bold"


def as_text(report: Report, console: Console) -> None:
    """Prints the report; its first line says what is dangerous."""
    for text, style in _lines(report):
        console.print(Text(text, style=style), soft_wrap=True)


def _lines(report: Report) -> Iterator[tuple[str, str]]:
    yield report.headline, _DANGER if report.is_dangerous else _TITLE
    yield f"from {report.base} to {report.head}", ""
    for note in report.notes:
        yield f"note: {note}", ""
    for stack in report.stacks:
        if stack.dangerous:
            yield "", ""
            yield f"{stack.name}, dangerous", _DANGER
            for line in lines_of(stack.dangerous):
                yield _indented(line), _STYLES[line.sign]
    for stack in report.stacks:
        yield "", ""
        yield stack.title, _TITLE
        others = [each for each in stack.changes.changed if not each.danger]
        for line in (*lines_of(others), *lines_of_outputs(stack.changes.outputs)):
            yield _indented(line), _STYLES[line.sign]


def _indented(line: Line) -> str:
    return f"  {'    ' * line.depth}{line.sign or ' '} {line.text}"
