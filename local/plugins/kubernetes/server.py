"""The plugin as a process."""

from __future__ import annotations

from typing import Final

from local.plugins.kubernetes.provider import KubernetesProvider
from local.plugins.shared import serving
from local.plugins.shared.engine import EngineLog

NAME: Final = "kubernetes"


def serve(arguments: list[str]) -> int:
    """Serves the engine until it is done; returns the exit code."""
    return serving.serve(
        arguments,
        NAME,
        lambda engine, cancelled: KubernetesProvider(EngineLog(engine), cancelled),
    )
