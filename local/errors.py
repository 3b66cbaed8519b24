"""Errors that a user can act on.

LocalError          something went wrong on this machine; the message says what and what to do next
├── CommandError    a program that we ran failed; names the log file and shows its last lines
└── StoppedError    a program was ended, because something beside it failed or the user wants so
"""

from __future__ import annotations


class LocalError(Exception):
    """A failure with its cause and the next step; shown without a traceback, exit code 1."""


def no_access(error: OSError) -> str:
    """The line for a file that we may not read or write."""
    return (
        f"{error.strerror}: {error.filename}; run it as the user to whom the folder belongs "
        "(with sudo for root), or set XDG_CACHE_HOME and XDG_STATE_HOME to folders of your own"
    )


class CommandError(LocalError):
    """A program that we ran failed."""


class StoppedError(LocalError):
    """Work that was ended before it was done; what ended it is the error to show."""
