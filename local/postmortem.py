"""Why a run failed, where its own error doesn't say: a full disk, a damaged file in the cache."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.errors import LocalError
from local.paths import cache_dir
from local.preconditions.machine import ThisMachine
from local.preconditions.space import explain_full_disk
from local.seals import remove_damaged
from local.toolchain.binaries import cached
from local.versions import GO_TOOLS

_FULL = (os.strerror(errno.ENOSPC), os.strerror(errno.EDQUOT))


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turns a failure inside into the `LocalError` that names its cause and the next step."""
    try:
        yield
    except (LocalError, OSError) as error:
        if is_full_disk(error):
            raise LocalError(explain_full_disk(ThisMachine(), name)) from error
        damaged = remove_damaged(sealed_products())
        if damaged:
            raise LocalError(
                f"{', '.join(map(str, damaged))} was damaged on disk and is removed "
                f"({_first_line(error)}); run `make up` again, which makes it anew"
            ) from error
        raise


def is_full_disk(error: Exception) -> bool:
    """Whether we, or a program that we ran, could write no more."""
    written_by_us = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return written_by_us or any(text.lower() in str(error).lower() for text in _FULL)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(":")


def sealed_products() -> list[Path]:
    """The files of the cache whose content can be compared with what was made."""
    return [*map(cached, GO_TOOLS), *sorted((cache_dir() / "images").glob("*.tar"))]
