"""The CSV with a row for each image, that survives every end of the run."""

import csv
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from gateway.client.caller import Refusal
from gateway.v1_messages import Result

BEFORE_CLASSES = ("image", "model", "version", "error", "detail")


class TableError(Exception):
    """The file can't be read, written or gone on with."""


@dataclass
class Table:
    """Rows by image. `done`: those that have classes, of this run and of earlier ones."""

    file: Path
    top: int
    rows: dict[str, list[str]] = field(default_factory=dict)
    _journal: IO[str] | None = None

    @property
    def header(self) -> list[str]:
        """The columns."""
        classes = [f"{column}_{rank}" for rank in range(1, self.top + 1) for column in _OF_A_CLASS]
        return [*BEFORE_CLASSES, *classes]

    def is_done(self, image: str) -> bool:
        """Whether an image has classes already; one with an error is tried again."""
        return image in self.rows and not self.rows[image][BEFORE_CLASSES.index("error")]

    def add(self, image: str, outcome: Result | Refusal) -> None:
        """The row is on the disk's way when this returns: a killed run loses none of them."""
        self.rows[image] = row = _row(image, outcome, self.top)
        assert self._journal is not None
        csv.writer(self._journal).writerow(row)
        self._journal.flush()

    @contextmanager
    def open(self, order: Iterable[str]) -> Iterator["Table"]:
        """Reads what there is; afterwards, however it ends, the file is whole.

        order: of the rows; those of other images, from earlier runs, come first.
        Raises TableError.
        """
        names = list(order)
        part = self.file.with_name(f"{self.file.name}.part")
        try:
            self._read(self.file)
            self._read(part, may_be_torn=True)
            self._write(names)  # with what a killed run left in its journal, before it is emptied
            with part.open("w", newline="") as self._journal:
                csv.writer(self._journal).writerow(self.header)
                try:
                    yield self
                finally:
                    self._write(names)
            part.unlink()
        except OSError as error:
            raise TableError(f"{error.filename or self.file}: {error.strerror}") from error

    def _read(self, path: Path, *, may_be_torn: bool = False) -> None:
        if not path.exists():
            return
        with path.open(newline="") as file:
            rows = list(csv.reader(file))
        if rows and rows[0] != self.header:
            raise TableError(
                f"{path} has other columns ({', '.join(rows[0])}); give another --csv, or the same "
                "--top as before"
            )
        for row in rows[1:]:
            if len(row) == len(self.header) and row != self.header:
                self.rows[row[0]] = row
            elif not may_be_torn:
                raise TableError(f"{path} is no table of this client; give another --csv")

    def _write(self, order: list[str]) -> None:
        wanted = set(order)
        names = [name for name in self.rows if name not in wanted]
        names += [name for name in order if name in self.rows]
        temporary = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        with temporary.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(self.header)
            writer.writerows(self.rows[name] for name in names)
        temporary.replace(self.file)


_OF_A_CLASS = ("class", "score")


def _row(image: str, outcome: Result | Refusal, top: int) -> list[str]:
    if isinstance(outcome, Refusal):
        return [image, "", "", outcome.code, outcome.detail, *[""] * (len(_OF_A_CLASS) * top)]
    classes = [
        text for each in outcome.predictions[:top] for text in (each.label, f"{each.score:.6g}")
    ]
    missing = len(_OF_A_CLASS) * top - len(classes)
    model = outcome.model
    return [image, model.name, str(model.version), "", "", *classes, *[""] * missing]
