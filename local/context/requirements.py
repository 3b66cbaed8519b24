"""What a cluster must have for the stack, in the order in which it is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from local.context.access import cluster_uid
from local.context.connection import api_server, rights
from local.context.earlier import choose_namespace
from local.context.identity import Context, other_cluster, remembered_cluster
from local.context.networking import cluster_networks, metrics, policies
from local.context.objects import Object, Reader, Seen, items, look
from local.context.room import room
from local.context.storage import choose_storage_class
from local.preconditions.finding import Finding


@dataclass(frozen=True, kw_only=True)
class Suitable:
    """What the stack takes from a cluster that can have it.

    `storage_class` is empty for the cluster's default; `networks` are those of pods and services.
    """

    cluster_uid: str
    storage_class: str
    networks: list[str]
    nodes: list[Object]


class Requirements:
    """The checks of one cluster, which change nothing there."""

    def __init__(
        self, reader: Reader, context: Context, namespace: str, storage_class: str | None
    ) -> None:
        self._reader = reader
        self._context = context
        self._namespace = namespace
        self._wanted_class = storage_class

    def findings(self) -> Iterator[tuple[str, Finding]]:
        """Each check's name and finding; those after a problem need not be made."""
        name = self._context.name
        server = api_server(self._reader, name)
        yield "API server", server
        yield "cluster", self._same_cluster()
        yield "rights", rights(self._reader, name, self._namespace)
        yield "namespace", self._free_namespace()
        yield "nodes", room(self._seen.nodes, self._seen.pods, self._namespace)
        yield "storage", self._storage[1]
        yield "metrics", metrics(self._reader)
        yield "policies", policies(self._seen.daemon_sets, server.found)

    def suitable(self) -> Suitable:
        """What was found, once no check has a problem."""
        seen = self._seen
        return Suitable(
            cluster_uid=self._uid,
            storage_class=self._storage[0],
            networks=cluster_networks(self._reader, seen.nodes, seen.pods),
            nodes=seen.nodes,
        )

    @cached_property
    def _seen(self) -> Seen:
        return look(self._reader)

    @cached_property
    def _uid(self) -> str:
        return cluster_uid(self._reader)

    @cached_property
    def _storage(self) -> tuple[str, Finding]:
        return choose_storage_class(
            self._seen.storage_classes, self._context.name, self._wanted_class
        )

    def _same_cluster(self) -> Finding:
        remembered = remembered_cluster(self._context)
        if remembered in (None, self._uid):
            return Finding("new to us" if remembered is None else "the one of before")
        return Finding(self._uid, other_cluster(self._context))

    def _free_namespace(self) -> Finding:
        """Ours is recognised by the state that we have; the engine would fail half-way."""
        namespaces = items(self._reader, "namespaces")
        taken = self._namespace in {each["metadata"]["name"] for each in namespaces}
        ours = self._context.has_stack and choose_namespace(self._context) == self._namespace
        if not taken or ours:
            return Finding(self._namespace)
        return Finding(
            f"{self._namespace} is taken",
            f"namespace '{self._namespace}' of context '{self._context.name}' is there already, "
            "and this machine has no state of a stack in it; take another one: make up "
            f"CONTEXT={self._context.name} NAMESPACE=<name>",
        )
