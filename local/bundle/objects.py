"""The cluster's objects as YAML; of a Secret only its name and the names of its keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from local.bundle.entry import Entry
from local.kubectl import Kubectl

_TIMEOUT = "--request-timeout=10s"
_PART_OF = "app.kubernetes.io/part-of=image-serving"
_SYSTEM_NAMESPACE = "kube-system"  # holds what we run there for the cluster: DNS, metrics
_NAMESPACED = (
    *("pods", "deployments", "replicasets", "statefulsets", "jobs", "services", "endpointslices"),
    *("horizontalpodautoscalers", "poddisruptionbudgets", "persistentvolumeclaims"),
    *("configmaps", "networkpolicies", "serviceaccounts", "secrets"),
)
_CLUSTER_WIDE = ("nodes", "namespaces", "persistentvolumes", "storageclasses")


def objects(kubectl: Kubectl) -> Iterator[Entry]:
    """A file per namespace of ours, one for what has no namespace, and all events.

    Raises `CommandError` when the API server doesn't answer.
    """
    found = kubectl.get(",".join(_CLUSTER_WIDE), _TIMEOUT)["items"]
    yield Entry("kubernetes/cluster.yaml", _yaml(found))
    ours = kubectl.get("namespaces", f"--selector={_PART_OF}", _TIMEOUT)["items"]
    for namespace in [*(each["metadata"]["name"] for each in ours), _SYSTEM_NAMESPACE]:
        found = kubectl.get(",".join(_NAMESPACED), "-n", namespace, _TIMEOUT)["items"]
        yield Entry(f"kubernetes/{namespace}.yaml", _yaml(found))
    events = kubectl.text("get", "events", "-A", "--sort-by=.lastTimestamp", "-o", "wide", _TIMEOUT)
    yield Entry("kubernetes/events.txt", events)


def secrets(kubectl: Kubectl) -> list[dict[str, Any]]:
    """All Secrets with their values, so that these can be kept out. Raises `CommandError`."""
    found: list[dict[str, Any]] = kubectl.get("secrets", "-A", _TIMEOUT)["items"]
    return found


def without_values(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object without the noise of field managers; a Secret without anything secret."""
    if item["kind"] == "Secret":
        # Not its annotations either: one of kubectl's holds all that was applied.
        kept = ("namespace", "name", "labels", "creationTimestamp")
        metadata = {key: item["metadata"][key] for key in kept if key in item["metadata"]}
        keys = sorted(item.get("data") or {})
        return {"kind": "Secret", "metadata": metadata, "type": item.get("type"), "keys": keys}
    metadata = {key: each for key, each in item["metadata"].items() if key != "managedFields"}
    return {**item, "metadata": metadata}


def _yaml(items: list[Mapping[str, Any]]) -> str:
    shown = [dict(without_values(item)) for item in items]
    return str(yaml.safe_dump_all(shown, sort_keys=False, width=200))
