"""What was found out about a pin."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from infra.pins import Pin


class NotAskedError(Exception):
    """Whoever could say it can't be asked; the message says why."""


class Verdict(StrEnum):
    VERIFIED = "verified"
    DIFFERS = "differs"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`replacement` is the value to pin in its place, where there is one."""

    pin: Pin
    verdict: Verdict
    said: str = ""
    replacement: str = ""
