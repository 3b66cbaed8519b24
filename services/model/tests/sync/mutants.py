"""Sync with one of its promises broken: what a test must see, or it proves nothing."""

from collections.abc import Callable
from pathlib import Path

from model import folders
from model.disk import Disk
from model.sync import copying


def write_under_the_final_name() -> Disk:
    """No temporary name and so, since renaming to itself does nothing, no rename."""
    names = {"incoming_name": lambda target: target, "rename_into_place": lambda *_: None}
    vars(copying).update(names)
    return Disk()


def forget_the_files() -> Disk:
    """Renamed while the files may still be in memory alone."""

    class NoFlush(Disk):
        def flush(self, descriptor: int) -> None:
            if Path(f"/proc/self/fd/{descriptor}").is_dir():
                super().flush(descriptor)

    return NoFlush()


def forget_the_folders() -> Disk:
    """The files are durable, their names are not."""
    vars(folders).update(folders_in=lambda root: iter(()))
    return Disk()


def forget_the_parent() -> Disk:
    """The rename itself may be lost."""

    class NoParentFlush(Disk):
        def flush_folder(self, path: Path) -> None:
            if folders.INCOMING_PREFIX in str(path):
                super().flush_folder(path)

    return NoParentFlush()


def rename_first() -> Disk:
    """In place before it is durable."""
    flush_later: list[Path] = []

    class RenameFirst(Disk):
        def flush_folder(self, path: Path) -> None:
            flush_later.append(path)

        def rename(self, source: Path, target: Path) -> None:
            super().rename(source, target)
            for path in flush_later:
                super().flush_folder(target / path.relative_to(source))

    return RenameFirst()


MUTANTS: dict[str, Callable[[], Disk]] = {
    each.__name__: each
    for each in (
        write_under_the_final_name,
        forget_the_files,
        forget_the_folders,
        forget_the_parent,
        rename_first,
    )
}
