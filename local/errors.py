"""Errors that a user can act on.

LocalError          something went wrong on this machine; the message says what and what to do next
└── CommandError    a program that we ran failed; names the log file and shows its last lines
"""

from __future__ import annotations


class LocalError(Exception):
    """A failure with its cause and the next step; shown without a traceback, exit code 1."""


class CommandError(LocalError):
    """A program that we ran failed."""
