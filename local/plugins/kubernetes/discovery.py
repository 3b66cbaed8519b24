"""Where the API server keeps a kind: its path, and whether it lives in namespaces."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from local.plugins.kubernetes.errors import KindUnknown, NotFound
from local.plugins.kubernetes.kinds import Kind
from local.plugins.shared.values import Object


@dataclass(frozen=True)
class Endpoint:
    """The collection that holds the objects of a kind."""

    root: str
    plural: str
    namespaced: bool

    def path(self, namespace: str, name: str = "") -> str:
        """The URL path of an object, or of the collection if there is no name."""
        scope = f"/namespaces/{quote(namespace)}" if self.namespaced and namespace else ""
        return f"{self.root}{scope}/{self.plural}" + (f"/{quote(name)}" if name else "")


class Discovery:
    """Asks the server once for each group and version, and again for a kind that isn't there."""

    def __init__(self, fetch: Callable[[str], Object]) -> None:
        self._fetch = fetch
        self._endpoints: dict[Kind, Endpoint] = {}
        self._lock = threading.Lock()

    def find(self, kind: Kind) -> Endpoint:
        """Raises KindUnknown if the server doesn't serve the kind now."""
        with self._lock:
            if kind not in self._endpoints:
                self._load(kind.group, kind.version)
            if kind not in self._endpoints:
                raise KindUnknown(kind)
            return self._endpoints[kind]

    def _load(self, group: str, version: str) -> None:
        root = f"/apis/{group}/{version}" if group else f"/api/{version}"
        try:
            resources = self._fetch(root).get("resources") or []
        except NotFound:
            return
        for item in resources:
            if "/" not in item["name"]:  # pods/log and the like are no collections
                endpoint = Endpoint(root, item["name"], bool(item["namespaced"]))
                self._endpoints[Kind(group, version, item["kind"])] = endpoint
