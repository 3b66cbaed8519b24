"""`make docs`: writes the pages that are made from the code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from local.docs.outputs_contract import RECORD, recorded_schema
from local.docs.outputs_page import outputs_page
from local.docs.settings_table import settings_page
from local.paths import REPO
from local.progress import say

PAGES: dict[Path, Callable[[], str]] = {
    REPO / "docs" / "settings.md": settings_page,
    RECORD: recorded_schema,  # refuses before the page says otherwise
    REPO / "docs" / "outputs.md": outputs_page,
}


def write_docs() -> int:
    """Returns 0. Raises `LocalError` where a page would break a promise."""
    for path, make in PAGES.items():
        path.write_text(make())
        say(f"wrote {path.relative_to(REPO)}")
    return 0
