"""The labels file: one class per line, in the order of the scores."""

from collections import Counter
from pathlib import Path

from model.errors import ExportError


def read_labels(path: Path) -> tuple[str, ...]:
    """Read UTF-8 lines; white space around labels and at the end of the file doesn't count.

    Raises:
        ExportError: unreadable, not text, empty, an empty line between labels, or a label twice.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").rstrip().splitlines()
    except OSError as error:
        raise ExportError(f"can't read the labels: {error}") from error
    except UnicodeDecodeError as error:
        raise ExportError(f"{path} is not a text file in UTF-8") from error
    labels = tuple(line.strip() for line in lines)
    if not labels:
        raise ExportError(f"{path} is empty; expected one label per line")
    if "" in labels:
        raise ExportError(f"{path}, line {labels.index('') + 1}: expected a label, found nothing")
    twice = [label for label, times in Counter(labels).items() if times > 1]
    if twice:
        raise ExportError(f"{path}: a class of its own has a label of its own; twice: {twice[0]!r}")
    return labels
