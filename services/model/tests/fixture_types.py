"""What the fixtures of conftest.py give, for annotations."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from model.server.app import ModelServer
from serving_client import Client

Eventually = Callable[[Callable[[], bool]], None]
AddVersion = Callable[..., Path]
Serve = Callable[..., "Served"]


@dataclass(frozen=True)
class Exported:
    """The digits model, really trained, and what its export printed."""

    folder: Path
    lines: list[str]
    seconds: float


@dataclass
class Served:
    server: ModelServer
    client: Client
    port: int
