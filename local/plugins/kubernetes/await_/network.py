"""Service and Ingress."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from local.plugins.kubernetes.await_.readiness import (
    READY,
    Reader,
    Readiness,
    name_of,
    namespace_of,
)
from local.plugins.kubernetes.kinds import Kind
from local.plugins.shared.values import Object, at

SERVICE: Final = Kind("", "v1", "Service")
ENDPOINT_SLICE: Final = Kind("discovery.k8s.io", "v1", "EndpointSlice")
# The genuine plugin waits 10 s for endpoints to settle; on one machine they do so in a moment.
SETTLE_SECONDS: Final = 3.0


class ServiceRule:
    """No endpoint is unready, and the endpoints have been the same for `settle_seconds`.

    No endpoint at all is fine too: the pods may come later. Headless and external Services, and
    those without a selector, aren't waited for; a load balancer must have its address.
    """

    def __init__(
        self,
        settle_seconds: float = SETTLE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settle_seconds = settle_seconds
        self._clock = clock
        self._seen: Any = None
        self._since = 0.0

    def __call__(self, obj: Object, cluster: Reader) -> Readiness:
        if at(obj, "spec", "type") == "LoadBalancer" and not _addresses(obj):
            problem = "no address was allocated; does this cluster have load balancers?"
            return Readiness(False, f"waiting for the Service: {problem}", (problem,))
        if not _waits_for_pods(obj):
            return READY
        labels = {"kubernetes.io/service-name": name_of(obj)}
        slices = cluster.list(ENDPOINT_SLICE, namespace_of(obj), labels=labels)
        endpoints = [item for found in slices for item in found.get("endpoints") or []]
        unready = [item for item in endpoints if _is_unready(item)]
        if unready:
            problem = f"{len(unready)} of {len(endpoints)} endpoints aren't ready"
            return Readiness(False, f"waiting for the Service: {problem}", (problem,))
        if not slices or not self._settled(endpoints):
            problem = "its endpoints haven't settled"
            return Readiness(False, "waiting for the Service's endpoints to settle", (problem,))
        return READY

    def _settled(self, endpoints: list[Object]) -> bool:
        if endpoints != self._seen:
            self._seen, self._since = endpoints, self._clock()
        return self._clock() - self._since >= self._settle_seconds


def ingress(obj: Object, cluster: Reader) -> Readiness:
    """It has an address, and the Services that it names exist."""
    missing = [
        name for name in _backends(obj) if cluster.get(SERVICE, namespace_of(obj), name) is None
    ]
    problems = [f"no Service named {name}" for name in missing]
    if not _addresses(obj):
        problems.append("no address was allocated; does this cluster have an Ingress controller?")
    if not problems:
        return READY
    return Readiness(False, f"waiting for the Ingress: {problems[0]}", tuple(problems))


def _addresses(obj: Object) -> list[Object]:
    return at(obj, "status", "loadBalancer", "ingress") or []


def _waits_for_pods(obj: Object) -> bool:
    spec = obj.get("spec", {})
    headless = spec.get("clusterIP") == "None"
    return bool(spec.get("selector")) and not headless and spec.get("type") != "ExternalName"


def _is_unready(endpoint: Object) -> bool:
    """A terminating endpoint is on its way out, not in."""
    conditions = endpoint.get("conditions") or {}
    return conditions.get("ready") is False and not conditions.get("terminating")


def _backends(obj: Object) -> list[str]:
    rules = at(obj, "spec", "rules") or []
    paths = [path for rule in rules for path in at(rule, "http", "paths") or []]
    names = [at(path, "backend", "service", "name") for path in paths]
    return sorted(set(filter(None, names)))
