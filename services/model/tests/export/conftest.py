"""Exports of tiny networks, loaded again in the tests' own process: seconds instead of minutes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf

from model.export.network import Network
from model.export.pipeline import export
from model.export.place import reserve
from model.export.replay import replay
from model.export.request import Request


@dataclass(frozen=True)
class Version:
    """An exported version, what was printed, and its signatures loaded anew."""

    folder: Path
    lines: list[str]

    def signature(self, name: str = "serving_default") -> Any:
        loaded = tf.saved_model.load(str(self.folder))
        signature = loaded.signatures[name]
        signature.keeps_alive = loaded
        return signature


ExportHere = Callable[[Network, Request], Version]


@pytest.fixture
def export_here(tmp_path: Path) -> ExportHere:
    """Export to `models/tiny/<next version>`."""

    def run(network: Network, request: Request) -> Version:
        lines: list[str] = []
        with reserve(tmp_path / "models", "tiny") as place:
            folder = export(place, network, request, lines.append, replay)
        return Version(folder, lines)

    return run
