"""A cluster that holds what a test puts into it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.plugins.kubernetes.kinds import Kind
from local.plugins.shared.values import Object, at


class FakeCluster:
    """Answers like the API server, from a list of objects."""

    def __init__(self, *objects: tuple[Kind, Object]) -> None:
        self.objects = list(objects)

    def get(self, kind: Kind, namespace: str, name: str) -> Object | None:
        for item in self.list(kind, namespace):
            if at(item, "metadata", "name") == name:
                return item
        return None

    def list(
        self,
        kind: Kind,
        namespace: str,
        *,
        labels: Mapping[str, str] | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> list[Object]:
        wanted = (labels or {}).items()
        return [
            item
            for found, item in self.objects
            if found == kind
            and wanted <= (at(item, "metadata", "labels") or {}).items()
            and all(at(item, *field.split(".")) == value for field, value in (fields or {}).items())
        ]


def named(name: str, **content: Any) -> Object:
    """An object with this name, which is its uid as well; `metadata` is added to."""
    metadata = {"name": name, "uid": name, "generation": 1, **content.pop("metadata", {})}
    return {"metadata": metadata, **content}


def owned(name: str, owner: Object, **content: Any) -> Object:
    """An object that the owner made."""
    reference = {"uid": owner["metadata"]["uid"]}
    metadata = {"ownerReferences": [reference], **content.pop("metadata", {})}
    return named(name, metadata=metadata, **content)
