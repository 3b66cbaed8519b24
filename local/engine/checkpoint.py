"""The stack's state as the file backend keeps it, read without the engine.

Uses the standard library alone, since checks run before any package is there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from local.paths import PROJECT

STACK = "local"


def stacks_folder(backend: Path) -> Path:
    """Where a file backend keeps the project's checkpoints, `<stack>.json`."""
    return backend / ".pulumi" / "stacks" / PROJECT


def latest_deployment(engine: Path) -> dict[str, Any]:
    """The deployment of the last checkpoint (pkg/backend/diy in pulumi/pulumi), empty without one.

    Secrets in it are encrypted.
    """
    checkpoint = stacks_folder(engine / "backend") / f"{STACK}.json"
    if not checkpoint.exists():
        return {}
    return json.loads(checkpoint.read_text())["checkpoint"].get("latest") or {}
