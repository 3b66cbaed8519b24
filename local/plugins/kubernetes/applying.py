"""Server-side apply of a resource's inputs, for real or as a dry run."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Protocol

from local.plugins.kubernetes import directives
from local.plugins.kubernetes.discovery import Endpoint
from local.plugins.kubernetes.errors import KindUnknown
from local.plugins.kubernetes.kinds import Kind
from local.plugins.kubernetes.ownership import keep_ignored
from local.plugins.kubernetes.settings import ProviderSettings
from local.plugins.shared.values import Object


class Server(Protocol):
    """What is needed of the API server (`client.Cluster`)."""

    def endpoint(self, kind: Kind) -> Endpoint: ...

    def get(self, kind: Kind, namespace: str, name: str) -> Object | None: ...

    def apply(
        self, kind: Kind, body: Object, manager: str, *, force: bool, dry_run: bool
    ) -> Object: ...


class Applier:
    """Sends inputs to the API server."""

    def __init__(self, cluster: Server, settings: ProviderSettings) -> None:
        self._cluster = cluster
        self._settings = settings

    def is_namespaced(self, kind: Kind) -> bool:
        """A kind whose CRD isn't there yet counts as namespaced; creation knows better."""
        try:
            return self._cluster.endpoint(kind).namespaced
        except KindUnknown:
            return True

    def body(self, kind: Kind, inputs: Object) -> Object:
        """The manifest to send: no namespace where the kind has none.

        Raises KindUnknown if the server doesn't serve the kind.
        """
        body = copy.deepcopy(inputs)
        if not self._cluster.endpoint(kind).namespaced:
            body["metadata"].pop("namespace", None)
        return body

    def find(self, kind: Kind, body: Object) -> Object | None:
        """The object of this manifest's name that is in the cluster now."""
        metadata = body["metadata"]
        return self._cluster.get(kind, metadata.get("namespace") or "", metadata["name"])

    def change(
        self, kind: Kind, inputs: Object, manager: str, ignored: Sequence[str], *, dry_run: bool
    ) -> Object:
        """Applies the inputs, but leaves the fields at `ignored` property paths as they are."""
        body = self.body(kind, inputs)
        if ignored:
            body = keep_ignored(body, self.find(kind, body) or {}, ignored, manager)
        return self._cluster.apply(kind, body, manager, force=self._force(inputs), dry_run=dry_run)

    def dry_run_new(self, kind: Kind, body: Object) -> Object:
        """What an object of this manifest would be; by force, as nobody else owns it yet."""
        return self._cluster.apply(kind, body, "preview", force=True, dry_run=True)

    def _force(self, inputs: Object) -> bool:
        return self._settings.patch_force or directives.is_true(inputs, directives.PATCH_FORCE)
