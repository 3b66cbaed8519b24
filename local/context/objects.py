"""What the checks and settings read of a cluster. Tests hand in another reader."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from local.errors import CommandError

Object = Mapping[str, Any]
TIMEOUT = "--request-timeout=10s"


class Reader(Protocol):
    """The calls of `Kubectl` that the checks make. Each raises `CommandError`."""

    def get(self, *arguments: str) -> Any: ...
    def text(self, *arguments: str) -> str: ...
    def create(self, manifests: str) -> list[Any]: ...


@dataclass(frozen=True)
class Seen:
    """The objects that decide whether the stack can work here."""

    nodes: list[Object]
    pods: list[Object]
    storage_classes: list[Object]
    daemon_sets: list[Object]


def look(reader: Reader) -> Seen:
    """Reads them all; what we may not read counts as not there. Raises no error."""
    return Seen(
        nodes=items(reader, "nodes"),
        pods=items(reader, "pods", "-A"),
        storage_classes=items(reader, "storageclasses"),
        daemon_sets=items(reader, "daemonsets", "-A"),
    )


def items(reader: Reader, *arguments: str) -> list[Object]:
    try:
        listed: list[Object] = reader.get(*arguments, TIMEOUT)["items"]
    except CommandError:
        return []
    return listed


def raw(reader: Reader, path: str) -> Any:
    """What a path of the API answers, decoded. Raises `CommandError`."""
    return json.loads(reader.text("get", "--raw", path, TIMEOUT))
