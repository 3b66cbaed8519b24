"""`make docs`: writes the pages, and draws the pictures, that are made from the code."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path

from local.docs.diagrams.drawing import draw
from local.docs.diagrams.request_way import request_way
from local.docs.diagrams.stack_graph import stack_graph
from local.docs.outputs_contract import RECORD, recorded_schema
from local.docs.outputs_page import outputs_page
from local.docs.recorded import recorded
from local.docs.settings_table import settings_page
from local.paths import REPO
from local.progress import say

DIAGRAMS = REPO / "docs" / "diagrams"
_record = lru_cache(recorded)


def _draw_stack(stack: str) -> str:
    return draw(stack_graph(_record(stack), stack))


PAGES: dict[Path, Callable[[], str]] = {
    REPO / "docs" / "settings.md": settings_page,
    RECORD: recorded_schema,  # refuses before the page says otherwise
    REPO / "docs" / "outputs.md": outputs_page,
    DIAGRAMS / "request.svg": lambda: draw(request_way(_record("local"), "local")),
    **{
        DIAGRAMS / f"{stack}.svg": partial(_draw_stack, stack) for stack in ("local", "dev", "prod")
    },
}


def write_docs() -> int:
    """Returns 0. Raises `LocalError` where a page would break a promise."""
    for path, make in PAGES.items():
        path.write_text(make())
        say(f"wrote {path.relative_to(REPO)}")
    return 0
