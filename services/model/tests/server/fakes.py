"""Servables without TensorFlow, for the rules around loading."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc

from model.server.errors import ServingError


@dataclass
class FakeServable:
    name: str
    version: int
    signatures: Mapping[str, Any] = field(default_factory=dict)
    closed: bool = False

    def run(
        self, feeds: Mapping[str, Any], fetches: list[str], timeout_seconds: float | None
    ) -> list[Any]:
        raise NotImplementedError

    def close(self) -> None:
        self.closed = True


class FakeLoader:
    """Loads instantly, unless a version is told to fail so many times."""

    def __init__(self) -> None:
        self.calls: list[int] = []
        self.failures: dict[int, int] = {}
        self.loaded: dict[int, FakeServable] = {}

    def __call__(self, name: str, version: int, folder: Path) -> FakeServable:
        self.calls.append(version)
        if self.failures.get(version, 0) > 0:
            self.failures[version] -= 1
            raise ServingError(grpc.StatusCode.DATA_LOSS, f"can't read {folder.name}")
        self.loaded[version] = FakeServable(name, version)
        return self.loaded[version]
