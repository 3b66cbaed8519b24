"""The table of faults in docs/local.md, as tests compare it with what is really shown."""

from __future__ import annotations

import re

from local.paths import REPO

DOCUMENT = REPO / "docs" / "local.md"


def messages() -> dict[str, str]:
    """The documented messages by fault; `…` stands for what differs."""
    found = re.findall(r"^\| ([^|]+?) \| `(.+)` \|$", DOCUMENT.read_text(), re.M)
    return dict(found)


def matches(fault: str, shown: str) -> bool:
    """Whether `shown` is the message that the document gives for the fault: one line, all of it."""
    parts = map(re.escape, messages()[fault].split("…"))
    return re.fullmatch(".+".join(parts).removeprefix("`"), shown.removeprefix("`")) is not None
