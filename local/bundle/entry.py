"""A file of the bundle before it is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """`path` is relative to the bundle's folder."""

    path: str
    text: str
